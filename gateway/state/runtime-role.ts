/** The group that every migration grants to, by name. An installation can give the group another name. */
export const RUNTIME_ROLE = 'tereze_runtime';
