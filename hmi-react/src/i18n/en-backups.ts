/** Words of backups. */

export const backupWords = {
  backups: {
    title: "Backups",
    start: "Back up now",
    where: "In {{folder}} on the machine of the runtime; {{keep}} are kept.",
    byHand: "Made by hand only; a daily time is set in the settings file.",
    next: "The next one is due at {{time}}.",
    running: "A backup is being made for {{by}}",
    failed: "The last one failed: {{error}}",
    none: "There is no backup yet.",
    made: "Made",
    name: "Name",
    size: "Size",
    version: "Version",
    remove: "Remove",
  },
} as const;
