/** A copy of plain data whose typed arrays lie in memory that threads hand to one another without copying it again. */
export function inSharedMemory<Data>(data: Data): Data {
  if (ArrayBuffer.isView(data)) {
    const values = data as unknown as Uint8Array
    const copy = new (values.constructor as Uint8ArrayConstructor)(new SharedArrayBuffer(values.byteLength))
    copy.set(values)
    return copy as Data
  }
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, inSharedMemory(value)])) as Data
}
