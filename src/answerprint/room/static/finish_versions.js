// Versions: tables to read; what others write is said.
import { going_on } from "/static/finishing.js";

going_on();
