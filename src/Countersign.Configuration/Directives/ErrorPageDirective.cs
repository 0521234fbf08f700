namespace Countersign.Configuration.Directives;

/// <summary>error_page.</summary>
internal static class ErrorPageDirective
{
    public static void Bind(DirectiveCall call)
    {
        var last = call.Count;
        var codes = last - 1;
        var overwrite = -1;
        if (call[last - 1].StartsWith('='))
        {
            var word = last - 1;
            codes--;
            if (word == 1)
            {
                call.Fail("invalid-value", $"invalid value \"{call[word]}\"", word);
                return;
            }
            overwrite = 0;
            if (call[word].Length > 1)
            {
                if (Units.Number(call[word].AsSpan(1)) is not { } status)
                {
                    call.Fail("invalid-value", $"invalid value \"{call[word]}\"", word);
                    return;
                }
                overwrite = (int)Math.Min(status, int.MaxValue);
            }
        }
        if (call.Complex(last) is not { } target)
        {
            return;
        }
        for (var i = 1; i <= codes; i++)
        {
            if (Units.Number(call[i]) is not { } status || status == 499)
            {
                call.Fail("invalid-value", $"invalid value \"{call[i]}\"", i);
                return;
            }
            if (status is < 300 or > 599)
            {
                call.Fail("invalid-value", $"value \"{call[i]}\" must be between 300 and 599", i);
                return;
            }
            // As nginx: its own statuses (494 to 497) go out as 400 unless told otherwise.
            var sent = overwrite == -1 && status is >= 494 and <= 497 ? 400 : overwrite;
            call.Scope.Append(LocationDirectives.ErrorPages, new ErrorPage((int)status, sent, target));
        }
    }
}
