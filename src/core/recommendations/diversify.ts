/**
 * Walks down a ranked list and splits its first `limit` items that keep to `perCategoryMax` of one category from those
 * passed over on the way. Items without a category are not counted against each other.
 */
export function diversify<Item extends { readonly categoryCode?: string }>(
  ranked: readonly Item[],
  { limit, perCategoryMax }: { limit: number; perCategoryMax: number },
): { taken: Item[]; passedOver: Item[] } {
  const taken: Item[] = []
  const passedOver: Item[] = []
  const counts = new Map<string, number>()
  for (const item of ranked) {
    if (taken.length === limit) break
    const count = item.categoryCode === undefined ? 0 : (counts.get(item.categoryCode) ?? 0)
    if (count >= perCategoryMax) {
      passedOver.push(item)
      continue
    }
    if (item.categoryCode !== undefined) counts.set(item.categoryCode, count + 1)
    taken.push(item)
  }
  return { taken, passedOver }
}
