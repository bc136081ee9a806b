/** The tools above a trend: pens, range, closer and wider, what is shown, and what can be taken away. */
import { ActionIcon, Button, Checkbox, Menu, SegmentedControl, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { presentS } from "@/live/live";
import { panned, zoomed, type Span } from "@/ui/trend-range";
import { PenPicker } from "./pen-picker";
import { COMPARISONS, cursorsIn, cursorWords, RANGES, rangeWords, spanWords, type TrendState, type Words } from "./trend-address";

interface Props {
  state: TrendState;
  span(): Span;
  set(words: Words): void;
}

export function TrendTools({ state, span, set }: Props) {
  const { t } = useTranslation();
  const { pens } = state;
  return (
    <>
      <PenPicker pens={pens} onAdd={(tag) => set({ pens: [...pens, tag].join(",") })} />
      <SegmentedControl
        size="xs"
        transitionDuration={0}
        aria-label={t("trends.range")}
        value={state.span === null ? String(state.range) : ""}
        onChange={(value) => set(rangeWords(Number(value)))}
        data={RANGES.map((one) => ({ value: String(one), label: t(`trends.ranges.${one}`) }))}
      />
      <Moves span={span} onSpan={(next) => set(spanWords(next))} />
      {state.span === null ? (
        <span className="chip trends-live" title={t("trends.zoomHint")}>
          {t("trends.following")}
        </span>
      ) : (
        <Button size="xs" onClick={() => set(spanWords(null))}>
          {t("trends.back")}
        </Button>
      )}
      <Shown state={state} span={span} set={set} />
      <Select
        size="xs"
        aria-label={t("trends.compare")}
        allowDeselect={false}
        value={String(state.compare)}
        onChange={(value) => set({ compare: value === "0" ? null : value })}
        data={COMPARISONS.map((one) => ({ value: String(one), label: t(`trends.compareWith.${one}`) }))}
        style={{ width: 150 }}
      />
      <SegmentedControl
        size="xs"
        transitionDuration={0}
        aria-label={t("trends.view")}
        value={state.table ? "table" : "chart"}
        onChange={(value) => set({ view: value === "table" ? value : null })}
        data={(["chart", "table"] as const).map((value) => ({ value, label: t(`trends.views.${value}`) }))}
      />
    </>
  );
}

function Moves({ span, onSpan }: { span(): Span; onSpan(span: Span): void }) {
  const { t } = useTranslation();
  const around = (factor: number): Span => {
    const now = span();
    return zoomed(now, factor, (now.start + now.end) / 2, presentS());
  };
  const moves = [
    ["earlier", "◀", () => panned(span(), -0.5, presentS())],
    ["closer", "+", () => around(0.5)],
    ["wider", "−", () => around(2)],
    ["later", "▶", () => panned(span(), 0.5, presentS())],
  ] as const;
  return (
    <ActionIcon.Group>
      {moves.map(([name, sign, next]) => (
        <ActionIcon key={name} variant="default" size={30} aria-label={t(`trends.${name}`)} title={t(`trends.${name}`)} onClick={() => onSpan(next())}>
          {sign}
        </ActionIcon>
      ))}
    </ActionIcon.Group>
  );
}

function Shown({ state, span, set }: Props) {
  const { t } = useTranslation();
  const { limits, alarms, notes, cursors } = state;
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <Button size="xs" variant="default">
          {t("trends.options")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className="trends-shown">
        <Checkbox size="xs" label={t("trends.limits")} checked={limits} onChange={() => set({ limits: limits ? null : "1" })} />
        <Checkbox size="xs" label={t("trends.alarms")} checked={alarms} onChange={() => set({ alarms: alarms ? "0" : null })} />
        <Checkbox size="xs" label={t("trends.annotations.title")} checked={notes} onChange={() => set({ notes: notes ? "0" : null })} />
        <Checkbox
          size="xs"
          label={t("trends.cursors")}
          description={t("trends.cursorsHint")}
          checked={cursors !== null}
          onChange={() => set(cursorWords(cursors === null ? cursorsIn(span()) : null))}
        />
      </Menu.Dropdown>
    </Menu>
  );
}
