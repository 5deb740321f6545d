import { Alert, Button, Drawer } from 'antd';
import { useState } from 'react';
import { listUnits, type Unit } from '#shared/people.ts';
import { unitKindLabels } from '#shared/units.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { Async } from '../../ui/async.tsx';
import { Section } from '../../ui/page.tsx';
import { unitTexts } from './texts.ts';
import { UnitForm } from './unit-form.tsx';
import { findOpenFields, layOutUnits } from './unit-tree.ts';

type Editing = { unit: Unit | null };

/** The organisation tree, and which section answers for what. */
export function UnitsPanel({ manages }: { manages: boolean }) {
  const w = useWords(unitTexts);
  const units = useRead(listUnits, [], {});
  const [editing, setEditing] = useState<Editing | null>(null);
  return (
    <Section
      title={w.title}
      testId="units"
      aside={
        manages ? (
          <Button onClick={() => setEditing({ unit: null })} data-testid="unit-add">
            {w.add}
          </Button>
        ) : null
      }
    >
      <Async reading={units}>
        {(rows) => (
          <>
            {manages ? <OpenFields units={rows} /> : null}
            <ul className="lines">
              {layOutUnits(rows).map(({ unit, depth }) => (
                <UnitLine
                  key={unit.id}
                  unit={unit}
                  depth={depth}
                  onEdit={manages ? () => setEditing({ unit }) : null}
                />
              ))}
            </ul>
            <Drawer
              open={editing !== null}
              onClose={() => setEditing(null)}
              title={editing?.unit ? w.change : w.add}
              size={440}
              destroyOnHidden
            >
              <UnitForm
                unit={editing?.unit ?? null}
                units={rows}
                onDone={() => {
                  setEditing(null);
                  void units.refetch();
                }}
              />
            </Drawer>
          </>
        )}
      </Async>
    </Section>
  );
}

function OpenFields({ units }: { units: readonly Unit[] }) {
  const w = useWords(unitTexts);
  const open = findOpenFields(units);
  if (open.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={fill(w.openFields, { fields: open.join('、') })}
      description={w.openFieldsHelp}
      data-testid="open-fields"
    />
  );
}

function UnitLine({ unit, depth, onEdit }: { unit: Unit; depth: number; onEdit: (() => void) | null }) {
  const w = useWords(unitTexts);
  const lang = useLang();
  return (
    <li className="line" data-testid="unit-row">
      <div className="line-main" style={{ paddingInlineStart: depth * 20 }}>
        <div className="line-title">
          <strong>{unit.name}</strong> <span className="quiet">{unitKindLabels[unit.kind][lang]}</span>
        </div>
        {unit.fields.length > 0 ? (
          <div className="line-note">
            <span>{fill(w.answersFor, { fields: unit.fields.join('、') })}</span>
          </div>
        ) : null}
      </div>
      {onEdit ? (
        <Button onClick={onEdit} aria-label={fill(w.changeOf, { name: unit.name })} data-testid="unit-change">
          {w.change}
        </Button>
      ) : null}
    </li>
  );
}
