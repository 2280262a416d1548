// For every page that is not Reflect.
import { localDates } from "./dates.js";
import { watch } from "./door.js";
import * as sheet from "./sheet.js";
import * as turn from "./turn.js";

localDates();
turn.prepare(document);
turn.listen();
sheet.listen();
if (document.querySelector("header nav")) watch((who) => who !== "reader" && location.replace("/"));
