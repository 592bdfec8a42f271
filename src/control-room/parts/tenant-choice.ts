import type { TenantList } from '../../client/types.ts';
import { useLoad } from '../data/use-load.ts';
import { html } from '../html.ts';

export interface TenantChoiceProps {
  readonly value: string;
  readonly onChange: (tenantId: string) => void;
  /** What stands for no tenant in particular; without it a tenant is needed. */
  readonly all?: string;
}

/** The tenants of the login. A list of them is long, so a person may also type. */
export function TenantChoice({ value, onChange, all }: TenantChoiceProps) {
  const { data } = useLoad<TenantList>('v1/tenants');
  const ids = data?.tenants.map(({ id }) => id) ?? [];
  return html`<div class="field">
    <label for="tenant">Tenant</label>
    <select id="tenant" value=${value} onChange=${(event: Event) => onChange((event.currentTarget as HTMLSelectElement).value)}>
      ${all !== undefined ? html`<option value="">${all}</option>` : value === '' && html`<option value="">Choose a tenant</option>`}
      ${!ids.includes(value) && value !== '' && html`<option value=${value}>${value}</option>`}
      ${ids.map((id) => html`<option key=${id} value=${id}>${id}</option>`)}
    </select>
  </div>`;
}
