import type { Item } from "./ledger";

/** Finds the configuration of an endpoint. */
export class Configurations {
  private readonly byName = new Map<unknown, Item>();
  private readonly byUrn = new Map<string, Item>();
  private readonly nameless = new Map<string | undefined, Item[]>();

  constructor(items: readonly Item[]) {
    for (const item of items) {
      const { name } = item.properties;
      this.byUrn.set(item.urn, item);
      if (typeof name === "string") this.byName.set(name, item);
      else this.nameless.set(item.parent, [...(this.nameless.get(item.parent) ?? []), item]);
    }
  }

  of(endpoint: Item): Item | undefined {
    const wanted = endpoint.properties.endpointConfigName;
    if (typeof wanted === "string" && this.byName.has(wanted)) return this.byName.get(wanted);

    const referred = (endpoint.references.endpointConfigName ?? []).flatMap(
      (urn) => this.byUrn.get(urn) ?? [],
    );
    if (referred.length === 1) return referred[0];
    if (typeof wanted === "string") return undefined;
    // In a preview an auto-named configuration has no name yet; the only one beside the endpoint is meant.
    const beside = this.nameless.get(endpoint.parent) ?? [];
    return beside.length === 1 ? beside[0] : undefined;
  }
}
