/** What may be done with a tag by whom: force and out of service (supervisor), edit, rename, delete (engineer). */
import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useMay } from "@/api/auth";
import { isRefusal } from "@/api/errors";
import { deleteTag, forceTag, releaseTag, renameTag, setService, type TagDetail } from "@/api/tags";
import { AskDialog } from "@/ui/ask-dialog";
import { formatValue, typedUnit } from "@/ui/format";
import { TagUsers } from "@/ui/tag-users";
import { firstText, useParsed, ValueComplaint, ValueInput } from "@/ui/value-input";

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

type Asked = "force" | "release" | "out" | "return" | "rename" | "delete";

interface DialogProps {
  detail: TagDetail;
  onClose(): void;
}

export function DetailActions({ detail }: { detail: TagDetail }) {
  const { t } = useTranslation();
  const mayForce = useMay("supervisor");
  // What an equipment makes is changed there.
  const mayEdit = useMay("engineer") && detail.body !== null && !detail.owner.startsWith("equipment:");
  const [asked, setAsked] = useState<Asked | null>(null);
  const override = detail.override?.kind ?? null;
  const close = (): void => setAsked(null);
  const button = (what: Asked, label: string): ReactNode => (
    <Button key={what} size="xs" variant="default" onClick={() => setAsked(what)}>
      {label}
    </Button>
  );
  const address = `/tags/${encodeURIComponent(detail.tag.name)}/edit`;
  return (
    <>
      {mayForce && (override === "forced" ? button("release", t("override.release")) : button("force", t("override.force")))}
      {mayForce && (override === "out_of_service" ? button("return", t("override.return")) : button("out", t("override.out")))}
      {mayEdit && (
        <>
          <Button component={Link} to={address} size="xs" variant="default">
            {t("detail.edit")}
          </Button>
          {button("rename", t("detail.rename"))}
          {button("delete", t("detail.delete"))}
        </>
      )}
      {asked === "force" && <Force detail={detail} onClose={close} />}
      {(asked === "release" || asked === "out" || asked === "return") && <Service what={asked} detail={detail} onClose={close} />}
      {asked === "rename" && <Rename detail={detail} onClose={close} />}
      {asked === "delete" && <Delete detail={detail} onClose={close} />}
    </>
  );
}

/** Everything that shows tags is fetched anew. */
function useChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["tags"] });
}

function Force({ detail, onClose }: DialogProps) {
  const { t } = useTranslation();
  const changed = useChanged();
  const { tag } = detail;
  const [text, setText] = useState(() => (tag.type === "bool" || tag.type === "enum" ? firstText(tag) : formatValue(tag.value, tag).replace("\u2212", "-").replace("–", "")));
  const { parsed } = useParsed(tag, text);
  return (
    <AskDialog
      title={t("override.forceTitle", { tag: tag.name })}
      hint={t("override.forceHint")}
      action={t("override.force")}
      reasoned
      disabled={!parsed.ok}
      act={async (reason) => {
        if (parsed.ok) await forceTag(tag.name, parsed.value, reason, typedUnit(tag));
        await changed();
      }}
      onClose={onClose}
    >
      <ValueInput tag={tag} label={t("override.value")} text={text} onText={setText} autoFocus />
      <ValueComplaint tag={tag} text={text} />
    </AskDialog>
  );
}

function Service({ what, detail, onClose }: DialogProps & { what: "release" | "out" | "return" }) {
  const { t } = useTranslation();
  const changed = useChanged();
  const { name } = detail.tag;
  const act = async (reason: string): Promise<void> => {
    if (what === "release") await releaseTag(name);
    else await setService(name, what === "return", reason);
    await changed();
  };
  return (
    <AskDialog
      title={`${t(`override.${what}`)}: ${name}`}
      hint={t(`override.${what}Hint`)}
      action={t(`override.${what}`)}
      reasoned={what !== "release"}
      act={act}
      onClose={onClose}
    />
  );
}

function Rename({ detail, onClose }: DialogProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const changed = useChanged();
  const { name } = detail.tag;
  const [to, setTo] = useState(name);
  const wrong = to.trim() !== "" && !NAME.test(to.trim());
  return (
    <AskDialog
      title={t("detail.renameTitle", { tag: name })}
      hint={t("detail.renameHint")}
      action={t("detail.rename")}
      disabled={wrong || to.trim() === "" || to.trim() === name}
      act={async () => {
        const tag = await renameTag(name, to.trim());
        await changed();
        void navigate(`/tags/${encodeURIComponent(tag.name)}`, { replace: true });
      }}
      onClose={onClose}
    >
      <TextInput label={t("tags.name")} value={to} onChange={(event) => setTo(event.currentTarget.value)} maxLength={128} error={wrong && t("tagForm.nameHint")} data-autofocus />
    </AskDialog>
  );
}

function Delete({ detail, onClose }: DialogProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const changed = useChanged();
  const { name } = detail.tag;
  return (
    <AskDialog
      title={t("detail.deleteTitle", { tag: name })}
      hint={t("detail.deleteHint")}
      action={t("detail.delete")}
      explain={(error) => isRefusal(error, "in_use") && <TagUsers users={detail.users} />}
      act={async () => {
        await deleteTag(name, detail.hash);
        void navigate("/tags", { replace: true });
        await changed();
      }}
      onClose={onClose}
    />
  );
}
