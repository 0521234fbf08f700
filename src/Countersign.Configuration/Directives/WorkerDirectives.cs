using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

/// <summary>Where the loops run, and before whom.</summary>
internal static class WorkerDirectives
{
    /// <summary>CPU_SETSIZE.</summary>
    private const int MaximumProcessors = 1024;

    public static readonly Setting<int> Priority = new(0);
    public static readonly Setting<CpuAffinityPlan?> CpuAffinity = new(null);

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        One("worker_priority", Contexts.Main, "number", "0", BindPriority),
        new("worker_cpu_affinity", Contexts.Main, 1, Any, "cpumask ... | auto [cpumask]", "", BindCpuAffinity),
    ];

    private static void BindPriority(DirectiveCall call)
    {
        var text = call[1];
        if (call.Scope.Get(Priority) != 0)
        {
            call.IsDuplicate();
        }
        else if (Units.Number(text.AsSpan(text is ['-' or '+', ..] ? 1 : 0)) is { } number and <= int.MaxValue)
        {
            call.Scope.Set(Priority, text.StartsWith('-') ? -(int)number : (int)number);
        }
        else
        {
            call.FailDirective("invalid-number", "invalid number", 1, "From -20, which goes before all others, to 20.");
        }
    }

    private static void BindCpuAffinity(DirectiveCall call)
    {
        if (call.Scope.Has(CpuAffinity))
        {
            call.IsDuplicate();
            return;
        }
        var isAuto = call[1] == "auto";
        if (isAuto && call.Count > 2)
        {
            call.Fail("wrong-number-of-arguments", "invalid number of arguments in \"worker_cpu_affinity\" directive");
            return;
        }
        var masks = new List<IReadOnlyList<int>>();
        for (var word = isAuto ? 2 : 1; word <= call.Count; word++)
        {
            if (Mask(call, word) is not { } mask)
            {
                return;
            }
            masks.Add(mask);
        }
        if (masks.Count == 0)
        {
            masks.Add([.. Enumerable.Range(0, Environment.ProcessorCount)]);
        }
        call.Scope.Set(CpuAffinity, new CpuAffinityPlan(isAuto, masks));
    }

    /// <summary>The processor of the last digit is number 0.</summary>
    private static List<int>? Mask(DirectiveCall call, int word)
    {
        var text = call[word];
        if (text.Length > MaximumProcessors)
        {
            call.Fail("too-many-processors", $"\"worker_cpu_affinity\" supports up to {MaximumProcessors} CPUs only", word);
            return null;
        }
        var mask = new List<int>();
        var processor = 0;
        for (var at = text.Length - 1; at >= 0; at--)
        {
            switch (text[at])
            {
                case ' ':
                    continue;
                case '1':
                    mask.Add(processor);
                    break;
                case '0':
                    break;
                default:
                    call.Fail("invalid-mask", $"invalid character \"{text[at]}\" in \"worker_cpu_affinity\"", word,
                        "A mask has a digit for each processor: 0101 are the first and the third.");
                    return null;
            }
            processor++;
        }
        return mask;
    }
}
