/** Lines and their surveyed points: the table, the profile of a segment, and where a kilometre post is. */
import { Button, Select } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/auth";
import { words } from "@/api/errors";
import { exportPoints, fetchPoints, REFERENCES, useSegments, type ReferencePoint } from "@/api/linear-references";
import { Empty, Page } from "@/ui/page";
import { RemoteTable } from "@/ui/remote-table";
import { download, type Column } from "@/ui/table-columns";
import { useAddress } from "@/ui/use-address";
import { ImportDialog } from "./import-dialog";
import { LocateBox } from "./locate-box";
import { PointDialog } from "./point-dialog";
import { degrees, kmText } from "./point-draft";
import { Profile } from "./profile";
import "./references.css";

type Dialog = { kind: "add" } | { kind: "import" } | { kind: "edit"; point: ReferencePoint };

export default function ReferencesPage() {
  const { t } = useTranslation();
  const mayEdit = useMay("engineer");
  const [search, set] = useAddress();
  const segment = search.get("segment") ?? "";
  const segments = useSegments().data ?? [];
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = (): void => setDialog(null);
  const columns = useColumnsOf();
  const fetchPage = useCallback((offset: number, limit: number, signal: AbortSignal) => fetchPoints(segment, offset, limit, signal), [segment]);
  const tools = mayEdit && (
    <>
      <Button size="xs" onClick={() => setDialog({ kind: "add" })}>
        {t("line.add")}
      </Button>
      <Button size="xs" variant="default" onClick={() => setDialog({ kind: "import" })}>
        {t("line.import")}
      </Button>
    </>
  );
  return (
    <Page title={t("line.title")} tools={tools}>
      <div className="references">
        <RemoteTable<ReferencePoint>
          name="linear-references"
          label={t("line.title")}
          columns={columns}
          queryKey={[...REFERENCES, "points", segment]}
          fetchPage={fetchPage}
          rowKey={(point) => String(point.id)}
          {...(mayEdit ? { onOpen: (point: ReferencePoint) => setDialog({ kind: "edit", point }) } : {})}
          selected={dialog?.kind === "edit" ? String(dialog.point.id) : undefined}
          tools={
            <Select
              size="xs"
              clearable
              searchable
              aria-label={t("line.segment")}
              placeholder={t("line.everySegment")}
              data={segments.map((one) => one.name)}
              value={segment || null}
              onChange={(name) => set("segment", name)}
            />
          }
          files={<CsvButton segment={segment} />}
          empty={<Empty title={t("line.none")} hint={t(mayEdit ? "line.noneHint" : "line.noneHintViewer")} />}
        />
        <aside className="references-side">
          <LocateBox key={segment} segments={segments} segment={segment} />
          {segment !== "" && <Profile segment={segment} />}
        </aside>
      </div>
      {dialog?.kind === "import" && <ImportDialog onClose={close} />}
      {dialog?.kind === "add" && <PointDialog point={null} segment={segment} onClose={close} />}
      {dialog?.kind === "edit" && <PointDialog point={dialog.point} segment={segment} onClose={close} />}
    </Page>
  );
}

function useColumnsOf(): Column<ReferencePoint>[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const fixed = { unsortable: true } as const;
    return [
      { ...fixed, id: "segment", header: t("line.segment"), width: "minmax(120px, 1fr)", value: (point) => point.segment, cell: (point) => <b>{point.segment}</b> },
      { ...fixed, id: "km", header: t("line.km"), width: "130px", align: "right", value: (point) => point.km, cell: (point) => <>{kmText(point.km)} <span className="muted">km</span></> },
      { ...fixed, id: "latitude", header: t("line.latitude"), width: "140px", align: "right", value: (point) => point.latitude, cell: (point) => `${degrees(point.latitude)}°` },
      { ...fixed, id: "longitude", header: t("line.longitude"), width: "140px", align: "right", value: (point) => point.longitude, cell: (point) => `${degrees(point.longitude)}°` },
      { ...fixed, id: "elevation", wide: true, header: t("line.elevation"), width: "110px", align: "right", value: (point) => point.elevation, cell: (point) => (point.elevation === null ? "–" : <>{kmText(point.elevation)} <span className="muted">m</span></>) },
    ];
  }, [t]);
}

function CsvButton({ segment }: { segment: string }) {
  const take = useMutation({ mutationFn: async () => download("linear-references.csv", await exportPoints(segment)) });
  return (
    <>
      <Button size="xs" variant="default" loading={take.isPending} onClick={() => take.mutate()}>
        CSV
      </Button>
      {take.error && (
        <span className="chip chip-bad" role="alert">
          {words(take.error)}
        </span>
      )}
    </>
  );
}
