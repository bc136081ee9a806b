"""Where messages go: mail, webhooks, chats."""
