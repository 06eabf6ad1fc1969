/** Where values are kept in this browser under keys: with room for images, which `localStorage` has not. */
export interface Shelf {
  /** What is kept under a key; undefined: nothing. */
  read(key: string): Promise<unknown>;
  /** Keeps what `to` makes of what is there. Nobody else, in another tab either, writes in between. */
  change<T>(key: string, to: (before: unknown) => T): Promise<T>;
}

const DATABASE = "flowyard";
const STORE = "kept";

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error("The browser's database failed."));
    };
  });
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE);
  };
  return answer(request);
}

/** The shelf of the browser's own database. */
export const browserShelf: Shelf = {
  read: async (key) => {
    const database = await open();
    try {
      return await answer(database.transaction(STORE).objectStore(STORE).get(key) as IDBRequest<unknown>);
    } finally {
      database.close();
    }
  },
  change: async (key, to) => {
    const database = await open();
    try {
      const store = database.transaction(STORE, "readwrite").objectStore(STORE);
      const after = to(await answer(store.get(key) as IDBRequest<unknown>));
      await answer(store.put(after, key));
      return after;
    } finally {
      database.close();
    }
  },
};
