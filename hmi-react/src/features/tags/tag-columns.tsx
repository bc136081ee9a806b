/** The columns of the tag table. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { TagView } from "@/api/types";
import { tagStore, useTag, useTagAlarms } from "@/live/live";
import { formatTime, shownRange, unitOf } from "@/ui/format";
import { PriorityIcon } from "@/ui/priority-icon";
import { qualityWords, severityOf } from "@/ui/quality";
import type { Column } from "@/ui/table-columns";
import { TagValue } from "@/ui/tag-value";
import { isSortable } from "./tag-filter";

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

function DetailCell({ tag }: { tag: TagView }) {
  const { t } = useTranslation();
  return (
    <Link className="link" to={`/tags/${encodeURIComponent(tag.name)}`} onClick={(event) => event.stopPropagation()} aria-label={t("tags.open", { tag: tag.name })} title={t("tags.open", { tag: tag.name })}>
      ›
    </Link>
  );
}

export function useTagColumns(): Column<TagView>[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const columns: Column<TagView>[] = [
      { id: "alarm", header: t("tags.alarm"), width: "56px", align: "center", value: (tag) => tag.alarms.length, cell: (tag) => <AlarmCell tag={tag.name} /> },
      { id: "name", header: t("tags.name"), width: "minmax(130px, 1fr)", value: (tag) => tag.name, cell: (tag) => <b>{tag.name}</b> },
      { id: "display_name", header: t("tags.display_name"), width: "minmax(130px, 1fr)", value: (tag) => tag.display_name, optional: true },
      { id: "description", wide: true, header: t("tags.description"), width: "minmax(160px, 2fr)", value: (tag) => tag.description },
      { id: "value", header: t("tags.value"), width: "130px", align: "right", value: (tag) => tagStore.get(tag.name)?.value ?? tag.value, cell: (tag) => <TagValue name={tag.name} bare /> },
      { id: "unit", header: t("tags.unit"), width: "64px", value: (tag) => tag.unit, cell: (tag) => <span className="muted">{unitOf(tag)}</span> },
      { id: "quality", wide: true, header: t("tags.quality"), width: "170px", value: (tag) => qualityWords(tagStore.get(tag.name)?.quality ?? tag.quality), cell: (tag) => <QualityCell tag={tag} /> },
      { id: "time", wide: true, header: t("tags.time"), width: "110px", align: "right", value: (tag) => tagStore.get(tag.name)?.sourceTime ?? tag.source_time, cell: (tag) => <TimeCell tag={tag} /> },
      { id: "area", wide: true, header: t("tags.area"), width: "140px", value: (tag) => tag.area },
      { id: "kind", wide: true, header: t("tags.kind"), width: "90px", value: (tag) => t(`faceplate.kinds.${tag.kind}`) },
      { id: "type", header: t("tags.type"), width: "72px", value: (tag) => tag.type, optional: true },
      { id: "source", header: t("tags.source"), width: "200px", value: (tag) => tag.source ?? tag.expression, cell: (tag) => <span className="mono">{tag.source ?? tag.expression}</span>, optional: true },
      { id: "scan", header: t("tags.scan"), width: "80px", value: (tag) => tag.scan, optional: true },
      { id: "low", header: t("tags.low"), width: "80px", align: "right", value: (tag) => shownRange(tag)?.[0], optional: true },
      { id: "high", header: t("tags.high"), width: "80px", align: "right", value: (tag) => shownRange(tag)?.[1], optional: true },
      { id: "writable", header: t("tags.writable"), width: "90px", value: (tag) => (tag.writable ? t("common.yes") : ""), optional: true },
      { id: "override", header: t("tags.override"), width: "120px", value: (tag) => (tag.override ? t(`value.${tag.override}`) : ""), optional: true },
      { id: "manufacturer", header: t("tags.manufacturer"), width: "120px", value: (tag) => tag.manufacturer, optional: true },
      { id: "segment", header: t("tags.segment"), width: "100px", value: (tag) => tag.segment, optional: true },
      { id: "kilometre_post", header: t("tags.kilometre_post"), width: "90px", align: "right", value: (tag) => tag.kilometre_post, optional: true },
      { id: "owner", header: t("tags.owner"), width: "130px", value: (tag) => tag.owner, optional: true },
      { id: "open", header: t("tags.page"), width: "56px", align: "center", value: () => "", cell: (tag) => <DetailCell tag={tag} /> },
    ];
    return columns.map((column) => ({ ...column, unsortable: !isSortable(column.id) }));
  }, [t]);
}
