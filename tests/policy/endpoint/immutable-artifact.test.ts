import { immutableArtifact } from "../../../policy/endpoint/immutable-artifact";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const MODEL = "aws:sagemaker/model:Model";
const NATIVE = "aws-native:sagemaker:Model";

const SHA256 = "1233c53f526600169d81cdee0c21a9181dc112a23b233253c67b097c4f672d64";
const model = (modelDataUrl: unknown) => ({ primaryContainer: { image: "r/i:1", modelDataUrl } });

describeRuleWithUnknowns(immutableArtifact, {
  pass: [
    { title: "a key with a SHA-256", type: MODEL, props: model(`s3://models/models/${SHA256}/model.tar.gz`) },
    { title: "a key with a commit", type: MODEL, props: model(`s3://models/${SHA256.slice(0, 40)}.tar.gz`) },
    { title: "a key with a version", type: MODEL, props: model("s3://models/breeds/v1.4.0/model.tar.gz") },
    { title: "a model inside its image", type: MODEL, props: { primaryContainer: { image: "r/i:1" } } },
    {
      title: "a prefix of many models, which has no artifact of its own",
      type: MODEL,
      props: { primaryContainer: { mode: "MultiModel", modelDataUrl: "s3://models/all/" } },
    },
    {
      title: "an uncompressed artifact of aws-native",
      type: NATIVE,
      props: { primaryContainer: { modelDataSource: { s3DataSource: { s3Uri: `s3://models/${SHA256}/` } } } },
    },
    {
      title: "a form that the settings add",
      type: MODEL,
      props: model("s3://models/release-17/model.tar.gz"),
      settings: { immutable: ["/release-\\d+/"] },
    },
  ],
  violate: [
    {
      title: "a key that is written over",
      type: MODEL,
      props: model("s3://models/breeds/model.tar.gz"),
      says: /primaryContainer\.modelDataUrl is "s3:\/\/models\/breeds\/model\.tar\.gz", an address without a digest or version.*models\/<sha256>\/model\.tar\.gz/,
    },
    {
      title: "the word latest",
      type: MODEL,
      props: model("s3://models/latest/model.tar.gz"),
      says: /latest/,
    },
    {
      title: "a date, which may be written again",
      type: MODEL,
      props: model("s3://models/2026-06-15/model.tar.gz"),
      says: /2026-06-15/,
    },
    {
      title: "a container of a pipeline",
      type: MODEL,
      props: {
        containers: [{ modelDataUrl: `s3://models/${SHA256}` }, { modelDataUrl: "s3://models/m.tar.gz" }],
      },
      says: /containers\[1\]\.modelDataUrl is/,
    },
    {
      title: "an uncompressed artifact",
      type: MODEL,
      props: { primaryContainer: { modelDataSource: { s3DataSources: [{ s3Uri: "s3://models/breeds/" }] } } },
      says: /primaryContainer\.modelDataSource\.s3DataSources\[0\]\.s3Uri is "s3:\/\/models\/breeds\/"/,
    },
    {
      title: "an additional source of aws-native",
      type: NATIVE,
      props: {
        primaryContainer: { additionalModelDataSources: [{ s3DataSource: { s3Uri: "s3://models/draft/" } }] },
      },
      says: /additionalModelDataSources\[0\]\.s3DataSource\[0\]\.s3Uri is/,
    },
  ],
});
