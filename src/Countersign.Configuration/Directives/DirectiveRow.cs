namespace Countersign.Configuration.Directives;

/// <summary>What a directive does here.</summary>
internal enum Support { Bound, NoEffect }

/// <summary>One row of a directive table: errors, documentation and meaning come from it.</summary>
/// <param name="Minimum">Least number of arguments.</param>
/// <param name="Maximum">Most arguments; <see cref="int.MaxValue"/> for any number.</param>
/// <param name="Syntax">Arguments as nginx documents them, without the name.</param>
/// <param name="Default">The default as nginx documents it, or empty.</param>
/// <param name="Bind">Takes the directive into its scope.</param>
internal sealed record DirectiveRow(
    string Name, Contexts Contexts, int Minimum, int Maximum, string Syntax, string Default, Action<DirectiveCall> Bind)
{
    public const int Any = int.MaxValue;

    public bool IsBlock { get; init; }
    public string Module { get; init; } = "";
    public Support Support { get; init; }

    /// <summary>A directive with one argument, the most common kind.</summary>
    public static DirectiveRow One(string name, Contexts contexts, string syntax, string fallback, Action<DirectiveCall> bind) =>
        new(name, contexts, 1, 1, syntax, fallback, bind);

    public static DirectiveRow Flag(string name, Contexts contexts, bool fallback, Setting<bool> setting) =>
        new(name, contexts, 1, 1, "on | off", fallback ? "on" : "off", Binders.Flag(setting));

    public static DirectiveRow Block(string name, Contexts contexts, int minimum, int maximum, string syntax, Action<DirectiveCall> bind) =>
        new(name, contexts, minimum, maximum, syntax + (syntax.Length > 0 ? " " : "") + "{ ... }", "", bind) { IsBlock = true };

    /// <summary>Tunes the inside of nginx: read, judged for form, and without consequence here.</summary>
    public static DirectiveRow Ignored(
        string name, Contexts contexts, int minimum, int maximum, string syntax, string fallback, Func<DirectiveCall, bool>? form = null, bool mayRepeat = false) =>
        new(name, contexts, minimum, maximum, syntax, fallback, Binders.Ignored(form, mayRepeat)) { Support = Support.NoEffect };
}
