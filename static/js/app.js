/* What every page runs. A module is named by its subject and needs no other, save for what it imports. */

import "./requests.js";
import "./rows.js";
import "./keys.js";
import "./key-list.js";
import "./search.js";
import "./palette.js";
import "./undo.js";
import "./idle.js";
import "./take-along.js";
import "./days.js";
