/** The fields of an entry: category and text at once, the others when they are wanted. */
import { Autocomplete, Button, Select, Textarea, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LogPlan } from "@/api/logbook";
import { useAlarmList } from "@/api/queries";
import { useTagAreas } from "@/api/tags";
import { areasWithin } from "@/ui/areas";
import { fieldText, readField } from "@/ui/period";
import { TagPicker } from "@/ui/tag-picker";
import type { Draft } from "./log-draft";

const TEXT_MAX = 8000;
const TITLE_MAX = 200;

interface Props {
  draft: Draft;
  plan: LogPlan | undefined;
  /** All fields from the beginning. */
  whole?: boolean;
  change(fields: Partial<Draft>): void;
}

export function LogFields({ draft, plan, whole = false, change }: Props) {
  const { t } = useTranslation();
  const told = [draft.title, draft.area, draft.tag, draft.alarm].some((word) => word !== "");
  const [open, setOpen] = useState(whole || told);
  const known = plan?.categories ?? [];
  const categories = draft.category === "" || known.includes(draft.category) ? known : [draft.category, ...known];
  return (
    <>
      <div className="log-main">
        <Select
          size="xs"
          label={t("logbook.category")}
          data={categories}
          value={draft.category || (known[0] ?? null)}
          allowDeselect={false}
          onChange={(category) => change({ category: category ?? "" })}
          comboboxProps={{ transitionProps: { duration: 0 } }}
          className="log-category"
        />
        <Textarea size="xs" label={t("logbook.text")} autosize minRows={2} maxRows={14} maxLength={TEXT_MAX} value={draft.text} onChange={(event) => change({ text: event.currentTarget.value })} className="log-text" />
      </div>
      {!whole && (
        <Button size="compact-xs" variant="subtle" aria-expanded={open} onClick={() => setOpen(!open)} className="log-more">
          {t(open ? "logbook.less" : "logbook.more")}
        </Button>
      )}
      {open && <Others draft={draft} plan={plan} change={change} />}
    </>
  );
}

function Others({ draft, plan, change }: Props) {
  const { t } = useTranslation();
  const paths = useTagAreas().data;
  const alarms = useAlarmList().data;
  const areas = useMemo(() => areasWithin((paths ?? []).map((area) => area.path)), [paths]);
  const names = useMemo(() => [...new Set([...(alarms?.items ?? []).map((alarm) => alarm.name), ...(draft.alarm === "" ? [] : [draft.alarm])])].sort(), [alarms, draft.alarm]);
  const quick = { transitionProps: { duration: 0 } };
  const shifts = (plan?.shifts ?? []).map((shift) => shift.name);
  return (
    <div className="log-others">
      <TextInput size="xs" label={t("logbook.headline")} maxLength={TITLE_MAX} value={draft.title} onChange={(event) => change({ title: event.currentTarget.value })} />
      <Happened time={draft.time} onChange={(time) => change({ time })} />
      {(shifts.length > 0 || draft.shift !== "") && (
        <Select
          size="xs"
          clearable
          label={t("logbook.shift")}
          placeholder={t("logbook.byTime")}
          data={draft.shift === "" || shifts.includes(draft.shift) ? shifts : [draft.shift, ...shifts]}
          value={draft.shift || null}
          onChange={(shift) => change({ shift: shift ?? "" })}
          comboboxProps={quick}
        />
      )}
      <Autocomplete size="xs" label={t("logbook.area")} data={areas} value={draft.area} onChange={(area) => change({ area })} comboboxProps={quick} />
      <TagPicker size="xs" clearable label={t("logbook.tag")} value={draft.tag || null} onChange={(tag) => change({ tag: tag ?? "" })} comboboxProps={quick} />
      <Select size="xs" clearable searchable limit={100} label={t("logbook.alarm")} data={names} value={draft.alarm || null} onChange={(alarm) => change({ alarm: alarm ?? "", occurrence_id: "" })} comboboxProps={quick} />
    </div>
  );
}

/** When it happened; a field that is not touched keeps its instant to the microsecond. */
function Happened({ time, onChange }: { time: number | null; onChange(time: number | null): void }) {
  const { t } = useTranslation();
  return (
    <TextInput
      size="xs"
      type="datetime-local"
      label={t("logbook.time")}
      max="9999-12-31T23:59"
      value={fieldText(time)}
      onChange={(event) => onChange(readField(event.currentTarget.value))}
      description={time === null ? t("logbook.now") : undefined}
      inputWrapperOrder={["label", "input", "description"]}
    />
  );
}
