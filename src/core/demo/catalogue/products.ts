import { drinks } from './drinks'
import { home } from './home'
import { pantry } from './pantry'
import { productsOf } from './shelf'

/** The categories of the demo shop. */
export const demoShelves = [...drinks, ...pantry, ...home]

/** Its 400 products. */
export const demoProducts = productsOf(demoShelves)
