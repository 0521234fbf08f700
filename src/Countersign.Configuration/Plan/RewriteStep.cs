namespace Countersign.Configuration;

/// <summary>One instruction of ngx_http_rewrite_module.</summary>
public abstract record RewriteStep(SourcePosition Position);

public sealed record SetStep(SourcePosition Position, int Variable, ComplexValue Value) : RewriteStep(Position);

public sealed record BreakStep(SourcePosition Position) : RewriteStep(Position);

/// <summary>return code [text] | code URL | URL.</summary>
/// <param name="Status">444 closes without an answer.</param>
public sealed record ReturnStep(SourcePosition Position, int Status, ComplexValue? Text) : RewriteStep(Position);

public enum RewriteFlag { None, Last, Break, Redirect, Permanent }

/// <summary>rewrite regex replacement [flag].</summary>
/// <param name="AddArguments">False when the replacement ends with <c>?</c>: the request's own arguments are dropped.</param>
public sealed record RewriteRuleStep(
    SourcePosition Position, RegexPlan Pattern, ComplexValue Replacement, RewriteFlag Flag, bool AddArguments) : RewriteStep(Position);

/// <summary>if (...) { ... }: when it holds, its steps run and, in a location, its settings replace the location's.</summary>
public sealed record IfStep(
    SourcePosition Position, IfCondition Condition, IReadOnlyList<RewriteStep> Steps, LocationPlan? Block) : RewriteStep(Position);

public abstract record IfCondition;

/// <summary>if ($variable): neither empty nor "0".</summary>
public sealed record IfTrue(int Variable) : IfCondition;

public sealed record IfEquals(int Variable, ComplexValue Value, bool Negate) : IfCondition;

public sealed record IfMatches(int Variable, RegexPlan Pattern, bool Negate) : IfCondition;

public enum FileTest { File, Directory, Exists, Executable }

public sealed record IfFile(FileTest Test, ComplexValue Path, bool Negate) : IfCondition;
