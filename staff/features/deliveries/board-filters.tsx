import { DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { listAccounts } from '#shared/accounts.ts';
import { type DeliveryState, deliveryStateLabels, deliveryStates } from '#shared/publishing.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
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
  const width = { width: 160 };
  return (
    <div className="filters">
      <Select<DeliveryState | ''>
        value={filter.state ?? ''}
        onChange={(value) => onChange({ ...filter, state: value === '' ? undefined : value })}
        aria-label={w.allStates}
        style={width}
        options={[
          { value: '', label: w.allStates },
          ...deliveryStates.map((one) => ({ value: one, label: deliveryStateLabels[one][lang] })),
        ]}
      />
      <Select<string>
        value={filter.platform ?? ''}
        onChange={(value) => onChange({ ...filter, platform: value || undefined, accountId: undefined })}
        aria-label={w.allPlatforms}
        style={width}
        options={[
          { value: '', label: w.allPlatforms },
          ...[...platforms].map(([value, label]) => ({ value, label })),
        ]}
      />
      <Select<string>
        value={filter.accountId ?? ''}
        onChange={(value) => onChange({ ...filter, accountId: value || undefined })}
        aria-label={w.everyAccount}
        style={width}
        options={[
          { value: '', label: w.everyAccount },
          ...accounts
            .filter((one) => !filter.platform || one.platform === filter.platform)
            .map((one) => ({ value: one.id, label: one.name })),
        ]}
      />
      <DatePicker
        value={filter.day ? dayjs(filter.day) : null}
        onChange={(value) => onChange({ ...filter, day: value ? value.format('YYYY-MM-DD') : undefined })}
        placeholder={w.anyDay}
        aria-label={w.anyDay}
        style={width}
      />
    </div>
  );
}
