namespace Countersign.Configuration.Directives;

/// <summary>Binders for the shapes that most directives have (nginx's <c>ngx_conf_set_*_slot</c>), with their messages.</summary>
internal static class Binders
{
    /// <param name="form">Judges the words and says what is wrong with them; null for words that are not judged.</param>
    public static Action<DirectiveCall> Ignored(Func<DirectiveCall, bool>? form, bool mayRepeat)
    {
        var seen = new Setting<bool>(false);
        return call =>
        {
            if (!mayRepeat && call.Scope.Has(seen))
            {
                call.IsDuplicate();
                return;
            }
            call.Scope.Set(seen, true);
            if (form is null || form(call))
            {
                NoEffect(call);
            }
        };
    }

    private static void NoEffect(DirectiveCall call) =>
        call.Notice("no-effect", $"the \"{call.Name}\" directive has no effect",
            "It tunes the inside of nginx; Countersign does that work in another way.");

    public static Action<DirectiveCall> Flag(Setting<bool> setting) => call =>
    {
        if (call.Scope.Has(setting))
        {
            call.IsDuplicate();
        }
        else if (FlagValue(call, 1) is { } value)
        {
            call.Scope.Set(setting, value);
        }
    };

    public static bool? FlagValue(DirectiveCall call, int word)
    {
        if (call[word].Equals("on", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
        if (call[word].Equals("off", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        call.Fail("invalid-value", $"invalid value \"{call[word]}\" in \"{call.Name}\" directive, it must be \"on\" or \"off\"", word);
        return null;
    }

    public static Action<DirectiveCall> Number(Setting<int> setting) => call =>
    {
        if (call.Scope.Has(setting))
        {
            call.IsDuplicate();
        }
        else if (Units.Number(call[1]) is { } value)
        {
            call.Scope.Set(setting, (int)Math.Min(value, int.MaxValue));
        }
        else
        {
            call.FailDirective("invalid-number", "invalid number", 1);
        }
    };

    /// <summary>A size that fits a buffer: bytes with <c>k</c> or <c>m</c>.</summary>
    public static Action<DirectiveCall> Size(Setting<int> setting) => call =>
    {
        if (call.Scope.Has(setting))
        {
            call.IsDuplicate();
        }
        else if (Units.Size(call[1]) is { } value and <= int.MaxValue)
        {
            call.Scope.Set(setting, (int)value);
        }
        else
        {
            call.InvalidValue(advice: "A size is a number of bytes, or a number with k or m.");
        }
    };

    /// <summary>A size of a file or a body: <c>k</c>, <c>m</c> or <c>g</c>.</summary>
    public static Action<DirectiveCall> Offset(Setting<long> setting) => call =>
    {
        if (call.Scope.Has(setting))
        {
            call.IsDuplicate();
        }
        else if (Units.Offset(call[1]) is { } value)
        {
            call.Scope.Set(setting, value);
        }
        else
        {
            call.InvalidValue(advice: "A size is a number of bytes, or a number with k, m or g.");
        }
    };

    public static Action<DirectiveCall> Milliseconds(Setting<TimeSpan> setting) => Time(setting, seconds: false);

    public static Action<DirectiveCall> Seconds(Setting<TimeSpan> setting) => Time(setting, seconds: true);

    private static Action<DirectiveCall> Time(Setting<TimeSpan> setting, bool seconds) => call =>
    {
        if (call.Scope.Has(setting))
        {
            call.IsDuplicate();
        }
        else if (Units.Time(call[1], seconds) is { } value)
        {
            call.Scope.Set(setting, value);
        }
        else
        {
            call.InvalidValue(advice: "A time is a number of seconds, or numbers with ms, s, m, h, d, w, M, y.");
        }
    };

    public static Action<DirectiveCall> Text(Setting<string> setting) => call => call.Set(setting, call[1]);

    public static Action<DirectiveCall> TextOrNull(Setting<string?> setting) => call => call.Set(setting, call[1]);

    /// <summary>A file beside the main configuration file; empty stays empty.</summary>
    public static Action<DirectiveCall> File(Setting<string?> setting) => call =>
        call.Set(setting, call[1].Length == 0 ? null : call.ConfigurationPath(call[1]));

    /// <summary>Remembers where the directive stands, too: the first one, as a second is an error.</summary>
    public static Action<DirectiveCall> Placed(Setting<SourcePosition?> place, Action<DirectiveCall> bind) => call =>
    {
        if (!call.Scope.Has(place))
        {
            call.Scope.Set(place, call.Position);
        }
        bind(call);
    };

    public static Action<DirectiveCall> Complex(Setting<ComplexValue?> setting) => call =>
    {
        if (call.Scope.Has(setting))
        {
            call.IsDuplicate();
        }
        else if (call.Complex(1) is { } value)
        {
            call.Scope.Set(setting, value);
        }
    };

    public static Action<DirectiveCall> Choice<T>(Setting<T> setting, params (string Word, T Value)[] choices) => call =>
    {
        if (call.Scope.Has(setting))
        {
            call.IsDuplicate();
            return;
        }
        foreach (var (word, value) in choices)
        {
            if (word.Equals(call[1], StringComparison.OrdinalIgnoreCase))
            {
                call.Scope.Set(setting, value);
                return;
            }
        }
        call.Fail("invalid-value", $"invalid value \"{call[1]}\"", 1, "It must be one of: " + string.Join(", ", choices.Select(c => c.Word)) + ".");
    };

    /// <summary>Words that add up; nginx's bitmask. A directive may be repeated within its block.</summary>
    public static Action<DirectiveCall> Words<T>(Setting<IReadOnlyList<T>> setting, params (string Word, T Value)[] choices) => call =>
    {
        for (var i = 1; i <= call.Count; i++)
        {
            var found = choices.FirstOrDefault(choice => choice.Word.Equals(call[i], StringComparison.OrdinalIgnoreCase));
            if (found.Word is null)
            {
                call.Fail("invalid-value", $"invalid value \"{call[i]}\"", i,
                    "It must be one of: " + string.Join(", ", choices.Select(c => c.Word)) + ".");
                return;
            }
            if (call.Scope.Own(setting)?.Contains(found.Value) == true)
            {
                call.Warn("duplicate-value", $"duplicate value \"{call[i]}\"");
                continue;
            }
            call.Scope.Append(setting, found.Value);
        }
    };

    /// <summary>number size</summary>
    public static Action<DirectiveCall> Buffers(Setting<(int Count, int Size)> setting) => call =>
    {
        if (call.Scope.Has(setting))
        {
            call.IsDuplicate();
        }
        else if (Units.Number(call[1]) is { } count and > 0 and <= int.MaxValue
                 && Units.Size(call[2]) is { } size and > 0 and <= int.MaxValue)
        {
            call.Scope.Set(setting, ((int)count, (int)size));
        }
        else
        {
            call.InvalidValue();
        }
    };

    /// <summary>A folder under the prefix, with levels of folders in it that only nginx needs (ngx_conf_set_path_slot).</summary>
    public static Action<DirectiveCall> Folder(Setting<string> setting) => call =>
    {
        if (call.Scope.Has(setting))
        {
            call.IsDuplicate();
            return;
        }
        var length = 0L;
        for (var i = 2; i <= call.Count; i++)
        {
            if (Units.Number(call[i]) is not (> 0 and <= 10 and var level))
            {
                call.InvalidValue(i);
                return;
            }
            length += level + 1;
        }
        if (length > 10 + call.Count - 1)
        {
            call.InvalidValue(2);
            return;
        }
        call.Scope.Set(setting, call.PrefixPath(call[1].Length > 1 ? call[1].TrimEnd('/') : call[1]));
    };
}
