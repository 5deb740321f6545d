import { useQueryClient } from '@tanstack/react-query';
import { Button, Input, Result } from 'antd';
import { useState } from 'react';
import { claimHandOff, getHandOff } from '#shared/tasks.ts';
import { upload } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { handOffTexts } from './texts.ts';

/** A screenshot and a second person are full proof where no link can be given. */
export function ClaimForm({ token, alone }: { token: string; alone: boolean }) {
  const w = useWords(handOffTexts);
  const client = useQueryClient();
  const [picture, setPicture] = useState<File | null>(null);
  const [note, setNote] = useState('');
  const claim = useAction(
    (file: File) => upload(claimHandOff, file, file.name, { params: { token }, fields: { note } }),
    {
      topics: ['deliveries'],
      onDone: () => void client.invalidateQueries({ queryKey: [getHandOff.path, token] }),
    },
  );
  return (
    <section className="section" data-testid="hand-off-claim">
      <h2>{alone ? w.claimHeadAlone : w.claimHead}</h2>
      <p className="quiet">{w.claimHelp}</p>
      <Field label={w.choosePicture}>
        <input
          type="file"
          accept="image/*"
          onChange={(event) => setPicture(event.target.files?.[0] ?? null)}
          data-testid="claim-picture"
        />
      </Field>
      <Field label={w.note}>
        <Input value={note} maxLength={300} onChange={(event) => setNote(event.target.value)} />
      </Field>
      {claim.error ? <ErrorNotice error={claim.error} /> : null}
      <Button
        type={alone ? 'primary' : 'default'}
        size="large"
        block
        disabled={picture === null}
        loading={claim.isPending}
        onClick={() => picture && claim.mutate(picture)}
        data-testid="claim-send"
      >
        {w.claim}
      </Button>
    </section>
  );
}

export function Claimed() {
  const w = useWords(handOffTexts);
  return (
    <Result
      className="hand-off-result"
      status="info"
      title={w.claimedTitle}
      subTitle={w.claimedHelp}
      data-testid="hand-off-claimed"
    />
  );
}
