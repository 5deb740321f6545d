import { Select } from 'antd';
import { listServices, serviceBlock } from '#shared/services.ts';
import { useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { servicesTexts } from './texts.ts';

/** Puts a service into an answer as a short block. */
export function ServicePicker({ onPick }: { onPick: (block: string) => void }) {
  const w = useWords(servicesTexts);
  const reading = useRead(listServices, ['cases'], {});
  const offered = (reading.data?.rows ?? []).filter(({ state }) => state === 'offered');
  if (!reading.data) return null;
  return (
    <Select
      className="answer-templates"
      showSearch={{ optionFilterProp: 'label' }}
      value={null}
      placeholder={offered.length > 0 ? w.insert : w.insertNone}
      disabled={offered.length === 0}
      aria-label={w.insert}
      options={offered.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(id: string | null) => {
        const found = offered.find((service) => service.id === id);
        if (found) onPick(serviceBlock(found));
      }}
      data-testid="answer-services"
    />
  );
}
