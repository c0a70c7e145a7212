"use strict";

const { Test } = require("mocha");

// With --parallel a test reaches the reporter as what `serialize` makes of it in a worker. What it tells of another program's tests
// goes along (reporter.cjs reads it).
const { serialize } = Test.prototype;
Test.prototype.serialize = function () {
  const { outside } = this;
  return { ...serialize.call(this), ...(outside === undefined ? {} : { outside }) };
};
