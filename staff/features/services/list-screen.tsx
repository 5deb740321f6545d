import { Button } from 'antd';
import { useState } from 'react';
import { listServices, moveService, type Service, serviceStateLabels } from '#shared/services.ts';
import { call } from '../../lib/call.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { InboxRooms } from '../inbox/rooms.tsx';
import { ServiceForm } from './service-form.tsx';
import { servicesTexts } from './texts.ts';

export function ServiceListScreen() {
  const w = useWords(servicesTexts);
  const mayEdit = useMay('inbox.dispatch');
  const [open, setOpen] = useState<Service | 'new' | null>(null);
  const reading = useRead(listServices, ['cases'], {});
  return (
    <Page
      title={w.title}
      testId="services"
      actions={
        <>
          <InboxRooms />
          {mayEdit ? (
            <Button type="primary" onClick={() => setOpen('new')} data-testid="service-add">
              {w.add}
            </Button>
          ) : null}
        </>
      }
    >
      <p className="quiet">{w.help}</p>
      {open ? (
        <Section title={open === 'new' ? w.add : open.name}>
          <ServiceForm
            key={open === 'new' ? 'new' : open.id}
            service={open === 'new' ? null : open}
            onClose={() => setOpen(null)}
          />
        </Section>
      ) : null}
      <Async reading={reading}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title={w.empty}>{null}</Empty>
          ) : (
            <ul className="lines">
              {rows.map((row) => (
                <ServiceLine key={row.id} service={row} mayEdit={mayEdit} onEdit={() => setOpen(row)} />
              ))}
            </ul>
          )
        }
      </Async>
    </Page>
  );
}

function ServiceLine(props: { service: Service; mayEdit: boolean; onEdit: () => void }) {
  const { service, mayEdit, onEdit } = props;
  const w = useWords(servicesTexts);
  const lang = useLang();
  const sayError = useSayError();
  const state = service.state === 'offered' ? 'retired' : 'offered';
  const move = useAction(() => call(moveService, { params: { serviceId: service.id }, body: { state } }), {
    topics: ['cases'],
    onFailed: sayError,
  });
  const known = [service.forWhom, service.place, service.url, service.phone, service.materials];
  return (
    <li className="line line-wrap" data-testid="service-row">
      <div className="line-main">
        <div className="line-title">{service.name}</div>
        <div className="line-note">
          <StateMark tone={service.state === 'offered' ? 'good' : 'quiet'}>
            {serviceStateLabels[service.state][lang]}
          </StateMark>
          {known.filter(Boolean).map((words) => (
            <span key={words}>{words}</span>
          ))}
        </div>
      </div>
      {mayEdit ? (
        <div className="row">
          <Button onClick={onEdit}>{w.edit}</Button>
          <Button loading={move.isPending} onClick={() => move.mutate(undefined)}>
            {state === 'retired' ? w.retire : w.offer}
          </Button>
        </div>
      ) : null}
    </li>
  );
}
