// Compares values with the types that a package declares: the compiler reads the declarations, a walk compares.

import path from "node:path";
import ts from "typescript";

const OPTIONS = {
  strict: true,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  skipLibCheck: true,
  types: [],
};
const DEPTH = 12;

/** The functions that the declarations in *file* export, by name, each with the compiler's signature of its calls. */
export function exported(file) {
  const program = ts.createProgram([path.resolve(file)], OPTIONS);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(path.resolve(file)));
  const functions = new Map();
  for (const each of checker.getExportsOfModule(module)) {
    const symbol = each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each;
    if (!symbol.valueDeclaration) continue;
    const [signature] = checker.getTypeOfSymbolAtLocation(symbol, symbol.valueDeclaration).getCallSignatures();
    if (signature) functions.set(each.name, signature);
  }
  return { checker, functions };
}

/** What of *value* is not as *signature* says that it answers: a line for each place. */
export function differences(checker, signature, value) {
  const answered = checker.getAwaitedType(checker.getReturnTypeOfSignature(signature));
  return [...new Set(new Walk(checker).of(answered, value, "", 0))];
}

class Walk {
  constructor(checker) {
    this.checker = checker;
  }

  of(type, value, at, depth) {
    if (depth > DEPTH || type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return [];
    if (type.isUnion()) return this.union(type, value, at, depth);
    if (type.isIntersection()) return type.types.flatMap((each) => this.of(each, value, at, depth));
    if (type.flags & ts.TypeFlags.TypeParameter) return [];
    const primitive = this.primitive(type, value);
    if (primitive !== undefined) return primitive ? [] : [this.wrong(type, value, at)];
    if (value === null || typeof value !== "object") return [this.wrong(type, value, at)];
    if (this.checker.isArrayType(type) || this.checker.isTupleType(type)) return this.array(type, value, at, depth);
    return Array.isArray(value) ? [this.wrong(type, value, at)] : this.object(type, value, at, depth);
  }

  /** Whether *value* is of the primitive *type*; undefined for any other type. */
  primitive(type, value) {
    const { flags } = type;
    if (flags & ts.TypeFlags.StringLiteral || flags & ts.TypeFlags.NumberLiteral) return value === type.value;
    if (flags & ts.TypeFlags.BooleanLiteral) return value === (this.checker.typeToString(type) === "true");
    if (flags & ts.TypeFlags.StringLike) return typeof value === "string";
    if (flags & ts.TypeFlags.NumberLike) return typeof value === "number";
    if (flags & ts.TypeFlags.BooleanLike) return typeof value === "boolean";
    if (flags & ts.TypeFlags.Null) return value === null;
    if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) return value === undefined;
    if (flags & ts.TypeFlags.Never) return false;
    return undefined;
  }

  /** The differences from the form of the union that is nearest to *value*. */
  union(type, value, at, depth) {
    const tried = type.types.map((each) => this.of(each, value, at, depth));
    if (tried.some((each) => each.length === 0)) return [];
    const forms = type.types.filter((each) => this.primitive(each, null) === undefined);
    if (forms.length === 0 || value === null || typeof value !== "object") return [this.wrong(type, value, at)];
    return forms.map((each) => this.of(each, value, at, depth)).sort((a, b) => a.length - b.length)[0];
  }

  array(type, value, at, depth) {
    if (!Array.isArray(value)) return [this.wrong(type, value, at)];
    const [item] = this.checker.getTypeArguments(type);
    return item ? value.flatMap((each) => this.of(item, each, `${at}[]`, depth + 1)) : [];
  }

  object(type, value, at, depth) {
    const found = [];
    for (const member of this.checker.getPropertiesOfType(type)) {
      const name = at ? `${at}.${member.name}` : member.name;
      const optional = member.flags & ts.SymbolFlags.Optional;
      if (!(member.name in value)) {
        if (!optional && !this.takesNothing(member)) found.push(`${name}: absent`);
      } else if (value[member.name] !== undefined) {
        found.push(...this.of(this.checker.getTypeOfSymbol(member), value[member.name], name, depth + 1));
      }
    }
    const others = this.checker.getIndexInfoOfType(type, ts.IndexKind.String);
    if (others) for (const [key, each] of Object.entries(value)) found.push(...this.of(others.type, each, `${at}.*`, depth + 1));
    return found;
  }

  takesNothing(member) {
    const type = this.checker.getTypeOfSymbol(member);
    return (type.isUnion() ? type.types : [type]).some((each) => each.flags & ts.TypeFlags.Undefined);
  }

  wrong(type, value, at) {
    const shown = value === null || typeof value !== "object" ? JSON.stringify(value) : Array.isArray(value) ? "array" : "object";
    return `${at || "the answer"}: ${shown} is no ${this.checker.typeToString(type).slice(0, 120)}`;
  }
}
