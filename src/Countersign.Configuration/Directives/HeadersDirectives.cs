using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

internal enum HeaderInheritance { On, Off, Merge }

/// <summary>ngx_http_headers_module.</summary>
internal static class HeadersDirectives
{
    public static readonly Setting<IReadOnlyList<AddHeader>> AddHeaders = new([]);
    public static readonly Setting<IReadOnlyList<AddHeader>> AddTrailers = new([]);
    public static readonly Setting<HeaderInheritance> HeaderInherit = new(HeaderInheritance.On);
    public static readonly Setting<HeaderInheritance> TrailerInherit = new(HeaderInheritance.On);
    public static readonly Setting<(ExpiresKind Kind, TimeSpan Time, ComplexValue? Value)> Expires = new((ExpiresKind.Off, TimeSpan.Zero, null));

    private const Contexts Everywhere = Contexts.HttpServerLocationIf;

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        new("expires", Everywhere, 1, 2, "[modified] time | epoch | max | off", "off", BindExpires),
        new("add_header", Everywhere, 2, 3, "name value [always]", "", call => BindAdd(call, AddHeaders)),
        new("add_trailer", Everywhere, 2, 3, "name value [always]", "", call => BindAdd(call, AddTrailers)),
        One("add_header_inherit", Everywhere, "on | off | merge", "on", Inheritance(HeaderInherit)),
        One("add_trailer_inherit", Everywhere, "on | off | merge", "on", Inheritance(TrailerInherit)),
    ];

    private static Action<DirectiveCall> Inheritance(Setting<HeaderInheritance> setting) => Binders.Choice(setting,
        ("on", HeaderInheritance.On), ("off", HeaderInheritance.Off), ("merge", HeaderInheritance.Merge));

    private static void BindAdd(DirectiveCall call, Setting<IReadOnlyList<AddHeader>> setting)
    {
        if (call.Complex(2) is not { } value)
        {
            return;
        }
        if (call.Count == 3 && call[3] != "always")
        {
            call.InvalidParameter(3, "The only parameter is \"always\"; a value with spaces stands in quotes.");
            return;
        }
        call.Scope.Append(setting, new AddHeader(call[1], value, call.Count == 3));
    }

    private static void BindExpires(DirectiveCall call)
    {
        if (call.Scope.Has(Expires))
        {
            call.IsDuplicate();
            return;
        }
        if (call.Count == 2 && call[1] != "modified")
        {
            call.InvalidValue();
            return;
        }
        var kind = call.Count == 2 ? ExpiresKind.Modified : ExpiresKind.Access;
        if (call.Complex(call.Count) is not { } value)
        {
            return;
        }
        if (value.Parts.Any(part => part.Variable >= 0 || part.Capture > 0))
        {
            call.Scope.Set(Expires, (kind, TimeSpan.Zero, value));
            return;
        }
        if (Parse(call, call[call.Count], kind) is { } expires)
        {
            call.Scope.Set(Expires, (expires.Kind, expires.Time, null));
        }
    }

    private static (ExpiresKind Kind, TimeSpan Time)? Parse(DirectiveCall call, string text, ExpiresKind kind)
    {
        if (kind == ExpiresKind.Access)
        {
            switch (text)
            {
                case "epoch": return (ExpiresKind.Epoch, TimeSpan.Zero);
                case "max": return (ExpiresKind.Max, TimeSpan.Zero);
                case "off": return (ExpiresKind.Off, TimeSpan.Zero);
            }
        }
        var minus = false;
        if (text.StartsWith('@'))
        {
            if (kind == ExpiresKind.Modified)
            {
                call.FailDirective("invalid-value", "daily time cannot be used with \"modified\" parameter", call.Count);
                return null;
            }
            kind = ExpiresKind.Daily;
            text = text[1..];
        }
        else if (text.StartsWith('+') || text.StartsWith('-'))
        {
            minus = text[0] == '-';
            text = text[1..];
        }
        if (Units.Time(text, seconds: true) is not { } time)
        {
            call.InvalidValue(call.Count);
            return null;
        }
        if (kind == ExpiresKind.Daily && time > TimeSpan.FromDays(1))
        {
            call.FailDirective("invalid-value", "daily time value must be less than 24 hours", call.Count);
            return null;
        }
        return (kind, minus ? -time : time);
    }
}
