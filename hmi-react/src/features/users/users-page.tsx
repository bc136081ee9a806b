/** Who may sign in, and as what. */
import { Button, Modal, PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { get, post } from "@/api/client";
import { words } from "@/api/errors";
import type { Page as Items, RoleName } from "@/api/types";
import { DataTable } from "@/ui/data-table";
import { formatDateTime } from "@/ui/format";
import { Loaded, Page } from "@/ui/page";
import type { Column } from "@/ui/table-columns";

interface Account {
  name: string;
  role: RoleName;
  must_change_password: boolean;
  disabled: boolean;
  created: number;
}

const ROLES: RoleName[] = ["viewer", "operator", "supervisor", "engineer", "admin"];

export default function UsersPage() {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const query = useQuery({ queryKey: ["users"], queryFn: ({ signal }) => get<Items<Account>>("/api/users", signal) });
  const columns = useMemo(
    (): Column<Account>[] => [
      { id: "name", header: t("users.name"), width: "minmax(140px, 1fr)", value: (user) => user.name, cell: (user) => <b>{user.name}</b> },
      { id: "role", header: t("users.role"), width: "140px", value: (user) => user.role },
      { id: "password", header: t("users.password"), width: "220px", value: (user) => (user.must_change_password ? t("users.mustChange") : t("users.own")) },
      { id: "state", header: t("users.state"), width: "120px", value: (user) => (user.disabled ? t("users.disabled") : t("users.enabled")) },
      { id: "created", header: t("users.created"), width: "180px", value: (user) => user.created, cell: (user) => formatDateTime(user.created) },
    ],
    [t],
  );
  return (
    <Page title={t("nav.users")}>
      <Loaded query={query} height={300}>
        <DataTable
          name="users"
          label={t("nav.users")}
          columns={columns}
          rows={query.data?.items ?? []}
          rowKey={(user) => user.name}
          tools={
            <Button size="xs" onClick={() => setAdding(true)}>
              {t("users.add")}
            </Button>
          }
        />
      </Loaded>
      {adding && <AddUser onClose={() => setAdding(false)} />}
    </Page>
  );
}

function AddUser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [username, setName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<string | null>("operator");
  const add = useMutation({
    mutationFn: () => post("/api/users", { username: username.trim(), password, role }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["users"] });
      onClose();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={t("users.add")} centered>
      <form onSubmit={submit}>
        <Stack gap={12}>
          <TextInput label={t("users.name")} value={username} onChange={(event) => setName(event.currentTarget.value)} data-autofocus autoComplete="off" />
          <Select label={t("users.role")} data={ROLES} value={role} onChange={setRole} allowDeselect={false} />
          <PasswordInput label={t("users.first")} description={t("users.firstHint")} value={password} onChange={(event) => setPassword(event.currentTarget.value)} autoComplete="new-password" />
          {add.error && (
            <div className="problem" role="alert">
              {words(add.error)}
            </div>
          )}
          <Button type="submit" loading={add.isPending} disabled={!username.trim() || !password}>
            {t("users.add")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
