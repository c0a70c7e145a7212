import { type Entry, entriesOf } from "../entries";
import { at } from "../nested";
import { type Properties, UNKNOWN } from "../values";

/** The containers of a model: the primary one, or those of a pipeline. */
export function containersOf({ primaryContainer, containers }: Properties): readonly Entry[] {
  const primary =
    primaryContainer === undefined || primaryContainer === null
      ? []
      : [{ path: "primaryContainer", value: primaryContainer }];
  return [...primary, ...entriesOf(containers, "containers")];
}

/** Every place in S3 that a container loads from. A list of sources in the classic provider is a single one in aws-native. */
export function artifactsOf({ path, value }: Entry): readonly Entry[] {
  if (value === UNKNOWN) return [{ path, value }];
  const url = at(value, "modelDataUrl");
  return [
    ...(url === undefined ? [] : [{ path: `${path}.modelDataUrl`, value: url }]),
    ...sourcesOf({ path: `${path}.modelDataSource`, value: at(value, "modelDataSource") }),
    ...entriesOf(at(value, "additionalModelDataSources"), `${path}.additionalModelDataSources`).flatMap(
      sourcesOf,
    ),
  ];
}

function sourcesOf({ path, value }: Entry): readonly Entry[] {
  if (value === undefined) return [];
  if (value === UNKNOWN) return [{ path, value }];
  return ["s3DataSources", "s3DataSource"].flatMap((name) =>
    entriesOf(at(value, name), `${path}.${name}`).map((source) => ({
      path: `${source.path}.s3Uri`,
      value: at(source.value, "s3Uri"),
    })),
  );
}
