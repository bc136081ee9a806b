/** The columns of the tag table. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { TagView } from "@/api/types";
import { tagStore, useTag, useTagAlarms } from "@/live/live";
import { formatTime, formatUnit } from "@/ui/format";
import { PriorityIcon } from "@/ui/priority-icon";
import { qualityWords, severityOf } from "@/ui/quality";
import type { Column } from "@/ui/table-columns";
import { TagValue } from "@/ui/tag-value";

function AlarmCell({ tag }: { tag: string }) {
  const worst = useTagAlarms(tag)[0];
  return worst ? <PriorityIcon priority={worst.priority} state={worst.state} size={15} /> : null;
}

function QualityCell({ tag }: { tag: TagView }) {
  const quality = useTag(tag.name)?.quality ?? tag.quality;
  return <span className={severityOf(quality) === "GOOD" ? "muted" : "value-reason"}>{qualityWords(quality)}</span>;
}

function TimeCell({ tag }: { tag: TagView }) {
  return <>{formatTime(useTag(tag.name)?.sourceTime ?? tag.source_time, true)}</>;
}

export function useTagColumns(): Column<TagView>[] {
  const { t } = useTranslation();
  return useMemo(
    (): Column<TagView>[] => [
      { id: "alarm", header: t("tags.alarm"), width: "56px", align: "center", value: (tag) => tag.alarms.length, cell: (tag) => <AlarmCell tag={tag.name} /> },
      { id: "name", header: t("tags.name"), width: "minmax(130px, 1fr)", value: (tag) => tag.name, cell: (tag) => <b>{tag.name}</b> },
      { id: "description", wide: true, header: t("tags.description"), width: "minmax(160px, 2fr)", value: (tag) => tag.description },
      {
        id: "value",
        header: t("tags.value"),
        width: "130px",
        align: "right",
        value: (tag) => tagStore.get(tag.name)?.value ?? tag.value,
        cell: (tag) => <TagValue name={tag.name} bare />,
      },
      { id: "unit", header: t("tags.unit"), width: "64px", value: (tag) => tag.unit, cell: (tag) => <span className="muted">{formatUnit(tag.unit)}</span> },
      { id: "quality", wide: true, header: t("tags.quality"), width: "170px", value: (tag) => qualityWords(tagStore.get(tag.name)?.quality ?? tag.quality), cell: (tag) => <QualityCell tag={tag} /> },
      { id: "time", wide: true, header: t("tags.time"), width: "130px", align: "right", value: (tag) => tagStore.get(tag.name)?.sourceTime ?? tag.source_time, cell: (tag) => <TimeCell tag={tag} /> },
      { id: "area", wide: true, header: t("tags.area"), width: "140px", value: (tag) => tag.area },
      { id: "kind", wide: true, header: t("tags.kind"), width: "80px", value: (tag) => tag.kind },
      { id: "source", header: t("tags.source"), width: "200px", value: (tag) => tag.source ?? tag.expression, cell: (tag) => <span className="mono">{tag.source ?? tag.expression}</span>, optional: true },
      { id: "scan", header: t("tags.scan"), width: "80px", value: (tag) => tag.scan, optional: true },
      { id: "low", header: t("tags.low"), width: "80px", align: "right", value: (tag) => tag.range?.[0], optional: true },
      { id: "high", header: t("tags.high"), width: "80px", align: "right", value: (tag) => tag.range?.[1], optional: true },
      { id: "writable", header: t("tags.writable"), width: "90px", value: (tag) => (tag.writable ? t("common.yes") : ""), optional: true },
    ],
    [t],
  );
}
