/** What lists with a search, choices and pages share. */
import { Input, Select } from 'antd';
import type { ReactNode } from 'react';
import { Async } from './async.tsx';
import { MoreButton } from './more-button.tsx';

export function SearchBox({
  label,
  value,
  onChange,
  width = 320,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  width?: number;
}) {
  return (
    <Input.Search
      allowClear
      value={value}
      onChange={(event) => onChange(event.target.value)}
      placeholder={label}
      aria-label={label}
      style={{ maxWidth: width }}
      maxLength={100}
    />
  );
}

/** One of a few values, or all of them: `everything` is both the name of the choice and the word for none. */
export function ChoiceFilter<T extends string>({
  everything,
  value,
  options,
  onChange,
  width = 140,
}: {
  everything: string;
  value: T | undefined;
  options: readonly { value: T; label: string }[];
  onChange: (value: T | undefined) => void;
  width?: number;
}) {
  return (
    <Select<T | ''>
      value={value ?? ''}
      onChange={(chosen) => onChange(chosen === '' ? undefined : chosen)}
      aria-label={everything}
      style={{ width }}
      options={[{ value: '', label: everything }, ...options]}
    />
  );
}

type Pages<Row> = {
  rows: Row[] | undefined;
  error: Error | null;
  isPending: boolean;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
};

/** Everything read so far and the way to more; `empty` where there is nothing. */
export function PagedList<Row>({
  pages,
  empty,
  children,
}: {
  pages: Pages<Row>;
  empty: ReactNode;
  children: (rows: Row[]) => ReactNode;
}) {
  return (
    <>
      <Async reading={{ ...pages, data: pages.rows }}>
        {(rows) => (rows.length === 0 ? empty : children(rows))}
      </Async>
      <MoreButton pages={pages} />
    </>
  );
}
