namespace Countersign.Configuration.Directives;

/// <summary>ngx_http_index_module and ngx_http_try_files_module.</summary>
internal static class ContentDirectives
{
    public static readonly Setting<IReadOnlyList<ComplexValue>> Index = new([]);
    public static readonly Setting<TryFilesPlan?> TryFiles = new(null);

    public static IReadOnlyList<DirectiveRow> IndexRows { get; } =
        [new("index", Contexts.HttpServerLocation, 1, DirectiveRow.Any, "file ...", "index.html", BindIndex)];

    public static IReadOnlyList<DirectiveRow> TryFilesRows { get; } =
        [new("try_files", Contexts.Server | Contexts.Location, 2, DirectiveRow.Any, "file ... uri | file ... =code", "", BindTryFiles)];

    private static void BindIndex(DirectiveCall call)
    {
        for (var i = 1; i <= call.Count; i++)
        {
            if (call[i].StartsWith('/') && i != call.Count)
            {
                call.Warn("absolute-index", $"only the last index in \"index\" directive should be absolute");
            }
            if (call[i].Length == 0)
            {
                call.Fail("invalid-value", $"index \"{call[i]}\" in \"index\" directive is invalid", i);
                return;
            }
            if (call.Complex(i) is not { } value)
            {
                return;
            }
            call.Scope.Append(Index, value);
        }
    }

    private static void BindTryFiles(DirectiveCall call)
    {
        if (call.Scope.Has(TryFiles))
        {
            call.IsDuplicate();
            return;
        }
        var files = new List<TryFile>();
        for (var i = 1; i < call.Count; i++)
        {
            var directory = call[i].Length > 0 && call[i][^1] == '/';
            if (call.Complex(directory ? call[i][..^1] : call[i]) is not { } value)
            {
                return;
            }
            files.Add(new TryFile(value, directory));
        }
        var last = call[call.Count];
        if (last.StartsWith('='))
        {
            if (Units.Number(last.AsSpan(1)) is not { } code || code > 999)
            {
                call.Fail("invalid-code", $"invalid code \"{last}\"", call.Count);
                return;
            }
            call.Scope.Set(TryFiles, new TryFilesPlan(files, null, (int)code));
        }
        else if (call.Complex(call.Count) is { } fallback)
        {
            call.Scope.Set(TryFiles, new TryFilesPlan(files, fallback, 0));
        }
    }
}
