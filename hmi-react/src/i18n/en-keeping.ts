/** Words of how long the history is kept. */

export const keepingWords = {
  keeping: {
    title: "History",
    tags: "Tags",
    all: "all",
    others: "all others",
    spans: { raw: "Samples", "10s": "10 s", "1m": "1 min", "10m": "10 min", "1h": "1 h", "1d": "1 day" },
    days_one: "{{count}} day",
    days_other: "{{count}} days",
    hint: "How long samples, and summaries of these lengths, are kept; set in the settings file.",
    archive: "Older samples go to the archive.",
    plain_one: "Plain rows of {{count}} day: {{tags}}.",
    plain_other: "Plain rows of {{count}} days: {{tags}}.",
  },
};
