import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { listAccounts } from '#shared/accounts.ts';
import { type DeliveryState, deliveryStateLabels, deliveryStates } from '#shared/publishing.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { ChoiceFilter } from '../../ui/list-parts.tsx';
import { deliveryTexts } from './texts.ts';

export type BoardFilter = {
  state?: DeliveryState | undefined;
  accountId?: string | undefined;
  platform?: string | undefined;
  day?: string | undefined;
};

/** An empty choice is everything. */
export function BoardFilters({
  filter,
  onChange,
}: {
  filter: BoardFilter;
  onChange: (filter: BoardFilter) => void;
}) {
  const w = useWords(deliveryTexts);
  const lang = useLang();
  const accounts = useRead(listAccounts, ['accounts'], {}).data ?? [];
  const platforms = new Map(accounts.map((one) => [one.platform, one.platformName[lang]]));
  const width = 160;
  return (
    <div className="filters">
      <ChoiceFilter
        everything={w.allStates}
        value={filter.state}
        options={deliveryStates.map((one) => ({ value: one, label: deliveryStateLabels[one][lang] }))}
        onChange={(state) => onChange({ ...filter, state })}
        width={width}
      />
      <ChoiceFilter
        everything={w.allPlatforms}
        value={filter.platform}
        options={[...platforms].map(([value, label]) => ({ value, label }))}
        onChange={(platform) => onChange({ ...filter, platform, accountId: undefined })}
        width={width}
      />
      <ChoiceFilter
        everything={w.everyAccount}
        value={filter.accountId}
        options={accounts
          .filter((one) => !filter.platform || one.platform === filter.platform)
          .map((one) => ({ value: one.id, label: one.name }))}
        onChange={(accountId) => onChange({ ...filter, accountId })}
        width={width}
      />
      <DatePicker
        value={filter.day ? dayjs(filter.day) : null}
        onChange={(value) => onChange({ ...filter, day: value ? value.format('YYYY-MM-DD') : undefined })}
        placeholder={w.anyDay}
        aria-label={w.anyDay}
        style={{ width }}
      />
    </div>
  );
}
