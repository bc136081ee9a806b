/** A place to drop files on, or to choose them with. */
import { useRef, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  label: string;
  hint?: string;
  accept?: string;
  /** Choose a folder, with everything in it. */
  folder?: boolean;
  busy?: boolean;
  onFiles(files: File[]): void;
}

export function FileDrop({ label, hint, accept, folder = false, busy = false, onFiles }: Props) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    onFiles([...event.dataTransfer.files]);
  };
  return (
    <>
      <button
        type="button"
        className="plain-button drop"
        disabled={busy}
        data-over={over}
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <span className="link">{label}</span>
        <span className="muted">{busy ? t("form.reading") : (hint ?? t("form.dropHint"))}</span>
      </button>
      <input
        ref={(element) => {
          input.current = element;
          element?.toggleAttribute("webkitdirectory", folder);
        }}
        className="visually-hidden"
        type="file"
        accept={accept}
        multiple={folder}
        tabIndex={-1}
        aria-label={label}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          // The same file may be chosen again after it was changed.
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}
