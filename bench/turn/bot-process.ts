import { serve } from './serve'

const [url = '', migrationsFolder = ''] = process.argv.slice(2)

void serve({ url, migrationsFolder })
