import { Button, Checkbox, DatePicker, Radio } from 'antd';
import dayjs from 'dayjs';
import type { Account } from '#shared/accounts.ts';
import type { Target } from '#shared/content.ts';
import { reachLabels } from '#shared/publishing.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { addDays, dayOf, sayWall, wallOf } from '../../lib/time.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { QuotaNote } from '../quotas/quota-lines.tsx';
import { targetTexts } from './texts.ts';

type TargetPlanProps = {
  account: Account;
  target: Target;
  editable: boolean;
  onChange: (target: Target) => void;
  onShareTime: (() => void) | null;
};

const format = 'YYYY-MM-DD HH:mm';

/** The next morning at nine: a time at which people read, and not in the past. */
function firstOffer(): string {
  return `${addDays(dayOf(new Date()), 1)} 09:00`;
}

export function TargetPlan({ account, target, editable, onChange, onShareTime }: TargetPlanProps) {
  const w = useWords(targetTexts);
  const lang = useLang();
  const planned = target.plannedWall;
  if (!editable) {
    return (
      <div className="target-plan">
        <div>{reachLabels[target.reach][lang]}</div>
        <div className="number">{planned ? sayWall(planned, lang) : w.atOnce}</div>
      </div>
    );
  }
  return (
    <div className="target-plan">
      {account.reaches.length > 1 ? (
        <Radio.Group
          aria-label={w.reach}
          value={target.reach}
          onChange={(event) => onChange({ ...target, reach: event.target.value as Target['reach'] })}
          options={account.reaches.map((reach) => ({ value: reach, label: reachLabels[reach][lang] }))}
          vertical
        />
      ) : (
        <div className="quiet">{reachLabels[target.reach][lang]}</div>
      )}
      <div className="target-quota">
        <QuotaNote accountId={account.id} reach={target.reach} />
      </div>
      <Radio.Group
        aria-label={w.when}
        value={planned === null ? 'once' : 'time'}
        onChange={(event) =>
          onChange({ ...target, plannedWall: event.target.value === 'once' ? null : firstOffer() })
        }
        options={[
          { value: 'once', label: w.atOnce },
          { value: 'time', label: w.atTime },
        ]}
      />
      {planned === null ? null : (
        <>
          {/* The picker works on plain wall time; the zone of this computer never enters. */}
          <DatePicker
            showTime={{ format: 'HH:mm', minuteStep: 1 }}
            format={format}
            value={dayjs(planned, format)}
            onChange={(value) => onChange({ ...target, plannedWall: value ? value.format(format) : null })}
            minDate={dayjs(dayOf(new Date()))}
            placeholder={w.pick}
            needConfirm={false}
            data-testid="planned-time"
          />
          {planned < wallOf(new Date()) ? <StateMark tone="warn">{w.past}</StateMark> : null}
          <Checkbox
            checked={target.evenIfLate}
            onChange={(event) => onChange({ ...target, evenIfLate: event.target.checked })}
          >
            {w.evenIfLate} <span className="quiet">{w.evenIfLateHelp}</span>
          </Checkbox>
          {onShareTime ? (
            <Button size="small" onClick={onShareTime} data-testid="same-time">
              {w.sameForAll}
            </Button>
          ) : null}
        </>
      )}
    </div>
  );
}
