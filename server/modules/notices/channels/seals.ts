import type { App } from '#server/base/app.ts';

type Sealed = { bureau_id: string; id: string; sealed_key: Buffer | null; sealed_secret: Buffer | null };
type Owner = { bureauId: string; channelId: string };

const placeOf = ({ bureauId, channelId }: Owner, column: 'sealed_key' | 'sealed_secret') => ({
  bureauId,
  table: 'notice_channels',
  row: channelId,
  column,
});

export function sealChannel(
  app: App,
  owner: Owner,
  column: 'sealed_key' | 'sealed_secret',
  clear: string,
): Buffer {
  return app.sealer.seal(placeOf(owner, column), clear);
}

export function openChannel(app: App, row: Sealed): { key: string; secret: string } {
  const owner = { bureauId: row.bureau_id, channelId: row.id };
  const open = (column: 'sealed_key' | 'sealed_secret') => {
    const sealed = row[column];
    return sealed ? app.sealer.open(placeOf(owner, column), sealed).toString() : '';
  };
  return { key: open('sealed_key'), secret: open('sealed_secret') };
}

const mailPlace = (bureauId: string, personId: string) => ({
  bureauId,
  table: 'notice_preferences',
  row: personId,
  column: 'sealed_mail',
});

export function sealMail(app: App, bureauId: string, personId: string, address: string): Buffer {
  return app.sealer.seal(mailPlace(bureauId, personId), address);
}

export function openMail(
  app: App,
  row: { bureau_id: string; person_id: string; sealed_mail: Buffer | null } | undefined,
): string | null {
  if (!row?.sealed_mail) return null;
  return app.sealer.open(mailPlace(row.bureau_id, row.person_id), row.sealed_mail).toString();
}
