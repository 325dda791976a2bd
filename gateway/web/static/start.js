// The pages work without this: it adds what GOV.UK Frontend's own scripts bring, such as one submission a click.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
