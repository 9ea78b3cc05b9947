// The rules of html-validate that pages must keep. What is set otherwise than recommended has its reason beside it.
export default {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // The theme writes <!doctype html> in lower case, which HTML allows (HTML Living Standard, 13.1.1).
    "doctype-style": ["error", { style: "lowercase" }],
    // The address of a row is the key of that row, in whatever signs the data has it; HTML forbids only spaces in an
    // id (HTML Living Standard, 3.2.6).
    "valid-id": ["error", { relaxed: true }],
    // The theme's templates leave their own indentation on blank lines.
    "no-trailing-whitespace": "off",
    // A title is the name of a dataset or of a unit as its publisher states it; none is cut.
    "long-title": "off",
  },
};
