# rejected: line 2: 'break' outside loop
break
