import { App, Button, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { clearWorkingDay, setWorkingDay, type WorkingDay } from '#shared/planning.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { sayDay } from '../../lib/time.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { calendarTexts } from './texts.ts';

export function DayEditor({ day, onClose }: { day: WorkingDay; onClose: () => void }) {
  const w = useWords(calendarTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const [works, setWorks] = useState(day.works);
  const [name, setName] = useState(day.name);
  const done = ({ casesMoved }: { casesMoved: number }) => {
    void message.success(fill(w.moved, { count: casesMoved }));
    onClose();
  };
  const params = { day: day.day };
  const set = useAction(() => call(setWorkingDay, { params, body: { works, name: name.trim() } }), {
    topics: ['working-days', 'cases'],
    onDone: done,
  });
  const clear = useAction(() => call(clearWorkingDay, { params }), {
    topics: ['working-days', 'cases'],
    onDone: done,
  });
  return (
    <Modal
      open
      title={sayDay(day.day, lang)}
      onCancel={onClose}
      footer={
        <div className="row">
          <Button
            type="primary"
            loading={set.isPending}
            onClick={() => set.mutate(undefined)}
            data-testid="day-save"
          >
            {w.save}
          </Button>
          {day.source === 'hand' ? (
            <Button loading={clear.isPending} onClick={() => clear.mutate(undefined)} data-testid="day-clear">
              {w.clear}
            </Button>
          ) : null}
        </div>
      }
    >
      <p className="quiet">{w[`source_${day.source}`]}</p>
      <Radio.Group
        aria-label={w.mark}
        value={works}
        onChange={(event) => setWorks(event.target.value as boolean)}
        options={[
          { value: true, label: w.works },
          { value: false, label: w.rests },
        ]}
      />
      <Field label={w.name} className="day-name">
        <Input value={name} maxLength={40} onChange={(event) => setName(event.target.value)} />
      </Field>
      {(set.error ?? clear.error) ? <ErrorNotice error={set.error ?? clear.error} /> : null}
    </Modal>
  );
}
