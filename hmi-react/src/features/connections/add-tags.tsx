/** New tags on a link: by hand, or chosen from what its server tells. */
import { Button, Modal, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ChooseVariables } from "./choose-variables";
import { BLANK, type NewTag } from "./new-tags";
import { NewTagsTable } from "./new-tags-table";

interface Props {
  link: string;
  scans: readonly string[];
  browse: boolean;
  onClose(): void;
}

export function AddTags({ link, scans, browse, onClose }: Props) {
  const { t } = useTranslation();
  const [tags, setTags] = useState<NewTag[]>(browse ? [] : [BLANK]);
  const [naming, setNaming] = useState(!browse);
  const [made, setMade] = useState<number | null>(null);
  // What was typed must not go with a slip of the hand.
  const typed = made === null && tags.some((tag) => tag.name !== "" || tag.address !== "");
  return (
    <Modal opened onClose={onClose} title={t("linkTags.titleOf", { link })} size="xl" centered closeOnClickOutside={!typed} closeOnEscape={!typed}>
      {made !== null && (
        <Stack gap={12}>
          <span role="status">{t("linkTags.made", { count: made })}</span>
          <Button onClick={onClose} ml="auto" data-autofocus>
            {t("common.close")}
          </Button>
        </Stack>
      )}
      {browse && (
        // It stays, so that who comes back finds what was chosen.
        <div hidden={naming}>
          <ChooseVariables
            link={link}
            onChosen={(chosen) => {
              setTags(chosen);
              setNaming(true);
            }}
          />
        </div>
      )}
      {made === null && naming && (
        <Stack gap={12}>
          <NewTagsTable link={link} scans={scans} tags={tags} onTags={setTags} onMade={setMade} />
          <div className="link-tools">
            {browse ? (
              <Button size="xs" variant="default" onClick={() => setNaming(false)}>
                {t("linkTags.back")}
              </Button>
            ) : (
              <Button size="xs" variant="default" onClick={() => setTags([...tags, BLANK])}>
                {t("linkTags.row")}
              </Button>
            )}
          </div>
        </Stack>
      )}
    </Modal>
  );
}
