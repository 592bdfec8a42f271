import { useEffect, useState } from 'preact/hooks';

/** A value that components show, and that code outside of them changes. */
export interface Store<Value> {
  get(): Value;
  set(value: Value): void;
  /** @returns ends the subscription. */
  subscribe(listener: (value: Value) => void): () => void;
}

export function createStore<Value>(first: Value): Store<Value> {
  const listeners = new Set<(value: Value) => void>();
  let value = first;
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of listeners) listener(next);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The value of a store, for a component that is shown anew when it changes. */
export function useStore<Value>(store: Store<Value>): Value {
  const [value, setValue] = useState(store.get());
  useEffect(() => {
    // It may have changed between the first look and this effect.
    setValue(store.get());
    return store.subscribe(setValue);
  }, [store]);
  return value;
}
