// The pages work without this. It adds what GOV.UK Frontend's own scripts bring, such as one submission a click, and
// opens the text when somebody chooses to change it.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

const change = document.querySelector("input[name=decision][value=change]");
change?.addEventListener("change", () => { document.getElementById("changing").open = true; });
