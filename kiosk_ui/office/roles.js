// A role in words.
import { t } from "../shared/i18n.js";

export const ROLES = ["clerk", "guide", "chief", "office", "leader", "auditor", "admin"];
export const personRole = (role) => t(`o.role${role[0].toUpperCase()}${role.slice(1)}`);
