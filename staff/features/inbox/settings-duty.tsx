import { Button, DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import type { InboxSettings } from '#shared/inbox-settings.ts';
import { listColleagues } from '#shared/people.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { dayOf, sayDay } from '../../lib/time.ts';
import { Field } from '../../ui/field.tsx';
import { Section } from '../../ui/page.tsx';
import { useHalfFilled } from './half-filled.ts';
import { settingsTexts } from './settings-texts.ts';

type Duty = InboxSettings['duty'];

/** Who is on duty each day of the week, and on single days instead. */
export function DutySection({
  duty,
  mayManage,
  onChange,
}: {
  duty: Duty;
  mayManage: boolean;
  onChange: (duty: Duty) => void;
}) {
  const w = useWords(settingsTexts);
  const people = useRead(listColleagues, [], {});
  const days = [w.monday, w.tuesday, w.wednesday, w.thursday, w.friday, w.saturday, w.sunday];
  const colleagues = (people.data ?? [])
    .filter((person) => !person.disabled)
    .map((person) => ({ value: person.id, label: person.name }));
  const nameOf = (id: string) => people.data?.find((person) => person.id === id)?.name ?? '';
  return (
    <Section title={w.duty} testId="duty">
      <p className="quiet">{w.dutyHelp}</p>
      <div className="handling">
        {days.map((day, at) => (
          <Field key={day} label={day}>
            <Select
              disabled={!mayManage}
              value={duty.weekdays[at] ?? ''}
              options={[{ value: '', label: w.nobody }, ...colleagues]}
              onChange={(next: string) =>
                onChange({
                  ...duty,
                  weekdays: duty.weekdays.map((one, index) => (index === at ? next || null : one)),
                })
              }
            />
          </Field>
        ))}
      </div>
      <SingleDays
        days={duty.days}
        mayManage={mayManage}
        colleagues={colleagues}
        nameOf={nameOf}
        onChange={(next) => onChange({ ...duty, days: next })}
      />
    </Section>
  );
}

type SingleDaysProps = {
  days: Duty['days'];
  mayManage: boolean;
  colleagues: { value: string; label: string }[];
  nameOf: (personId: string) => string;
  onChange: (days: Duty['days']) => void;
};

/** Holidays and exchanged shifts. Days that are over are dropped with the next change. */
function SingleDays({ days, mayManage, colleagues, nameOf, onChange }: SingleDaysProps) {
  const w = useWords(settingsTexts);
  const lang = useLang();
  const today = dayOf(new Date());
  const [day, setDay] = useState<string | null>(null);
  const [personId, setPersonId] = useState<string | null>(null);
  useHalfFilled(w.singleDays, day !== null || personId !== null);
  const coming = days.filter((one) => one.day >= today);
  const add = () => {
    if (day === null || personId === null) return;
    const others = coming.filter((one) => one.day !== day);
    onChange([...others, { day, personId }].sort((a, b) => a.day.localeCompare(b.day)));
    setDay(null);
    setPersonId(null);
  };
  return (
    <>
      <h3>{w.singleDays}</h3>
      <p className="quiet">{w.singleDaysHelp}</p>
      <ul className="log">
        {coming.map((one) => (
          <li key={one.day} data-testid="duty-day">
            {fill(w.singleDay, { day: sayDay(one.day, lang), name: nameOf(one.personId) })}{' '}
            {mayManage ? (
              <Button
                size="small"
                type="link"
                onClick={() => onChange(coming.filter(({ day: other }) => other !== one.day))}
              >
                {w.remove}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {mayManage ? (
        <div className="handling">
          <Field label={w.day}>
            <DatePicker
              value={day === null ? null : dayjs(day)}
              minDate={dayjs(today)}
              onChange={(next) => setDay(next ? next.format('YYYY-MM-DD') : null)}
              data-testid="duty-date"
            />
          </Field>
          <Field label={w.person}>
            <Select value={personId} options={colleagues} onChange={(next: string) => setPersonId(next)} />
          </Field>
          <Button disabled={day === null || personId === null} onClick={add} data-testid="duty-add">
            {w.addDay}
          </Button>
        </div>
      ) : null}
    </>
  );
}
