import { App, Button, Input } from 'antd';
import { useState } from 'react';
import { createService, type Service, ServiceContent, saveService } from '#shared/services.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { servicesTexts } from './texts.ts';

const blank: ServiceContent = { name: '', forWhom: '', place: '', url: '', phone: '', materials: '' };
const parts = ['name', 'forWhom', 'place', 'url', 'phone', 'materials'] as const;

export function ServiceForm({ service, onClose }: { service: Service | null; onClose: () => void }) {
  const w = useWords(servicesTexts);
  const { message } = App.useApp();
  const [content, setContent] = useState<ServiceContent>(service ? ServiceContent.parse(service) : blank);
  const save = useAction(
    async () => {
      if (service === null) return void (await call(createService, { body: content }));
      const body = { baseRevision: service.revision, content };
      await call(saveService, { params: { serviceId: service.id }, body });
    },
    {
      topics: ['cases'],
      onDone: () => {
        void message.success(w.saved);
        onClose();
      },
    },
  );
  return (
    <div className="service-form" data-testid="service-form">
      {parts.map((part) => (
        <Field key={part} label={w[part]}>
          <Input
            value={content[part]}
            maxLength={500}
            onChange={(event) => setContent({ ...content, [part]: event.target.value })}
            data-testid={`service-${part}`}
          />
        </Field>
      ))}
      {save.error ? <ErrorNotice error={save.error} /> : null}
      <div className="row">
        <Button
          type="primary"
          disabled={!ServiceContent.safeParse(content).success}
          loading={save.isPending}
          onClick={() => save.mutate(undefined)}
          data-testid="service-save"
        >
          {w.save}
        </Button>
        <Button onClick={onClose}>{w.cancel}</Button>
      </div>
    </div>
  );
}
