// The bare cost of a start on a database: this Node, this driver, one query; nothing of the program.
// Arguments: the file, the organization's id. Prints one line of JSON when it has the rows.
import Database from 'better-sqlite3';

const [file = '', orgId = ''] = process.argv.slice(2);
const connection = new Database(file);
const rows = connection
  .prepare(
    `select tasks.id, tasks.title, deadlines.wall, deadlines.zone
     from tasks join deadlines on deadlines."orgId" = tasks."orgId" and deadlines.id = tasks."deadlineId"
     where tasks."orgId" = ? order by deadlines.wall, tasks.title, tasks.id limit 50`,
  )
  .all(orgId);
console.log(JSON.stringify({ rows: rows.length }));
connection.close();
