import type { QueryResult } from 'pg'

/** What may stand in `${…}` of a query: always sent as a parameter, never as text. */
export type SqlValue = string | number | bigint | boolean | Date | Buffer | null | undefined | object

/**
 * Tagged SQL: sql<Row>`select … where id = ${id}` resolves to the rows.
 * Every query from a tag is a named prepared statement, so that hot ones are planned once a connection.
 */
export type Sql = <Row extends object>(strings: TemplateStringsArray, ...values: SqlValue[]) => Promise<Row[]>

/** What core functions take first: a database, or a transaction on it. */
export interface Db {
  readonly sql: Sql
}

/** A transaction of ours. It commits when the function given to `Database.tx` returns, rolls back when that throws. */
export interface Tx extends Db {
  readonly inTransaction: true
}

/** A transaction in the hands of who opened it. */
export interface OpenTx extends Tx {
  /** Runs the transaction's last statement and commits, in one round trip. Afterwards nothing can run in it any more. */
  readonly lastSql: Sql
}

/** A statement and the name by which it is prepared. */
export interface Statement {
  readonly name: string
  readonly text: string
}

interface Queryable {
  query(config: { name: string; text: string; values: unknown[] }): Promise<QueryResult>
}

const statements = new WeakMap<TemplateStringsArray, Statement>()
let statementCount = 0

/** The text and the prepared-statement name of a tag; the same tag in the source always gives the same name. */
export function statementOf(strings: TemplateStringsArray): Statement {
  const known = statements.get(strings)
  if (known) return known
  let text = strings[0]!
  for (let i = 1; i < strings.length; i++) text += `$${i}${strings[i]}`
  statementCount += 1
  const statement = { name: `s${statementCount}`, text }
  statements.set(strings, statement)
  return statement
}

/** Binds the tag to something that can run a query: a pool or one connection. */
export function sqlOver(target: Queryable): Sql {
  return async <Row extends object>(strings: TemplateStringsArray, ...values: SqlValue[]): Promise<Row[]> => {
    const { name, text } = statementOf(strings)
    const result = await target.query({ name, text, values })
    return result.rows as Row[]
  }
}
